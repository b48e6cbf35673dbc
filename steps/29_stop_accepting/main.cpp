// Stage 29, stop accepting: docs/29_stop_accepting.md
#include <cstddef>
#include <cstdio>
#include <exception>
#include <utility>

#include "handle_connection.hpp"
#include "listener.hpp"
#include "serve.hpp"
#include "socket.hpp"
#include "stop_signal.hpp"
#include "turned_away.hpp"

#include <thread_pool.hpp>  // not "…": each later stage brings its own, and this finds it

// How many clients wait for a worker, at most; whoever comes then is turned away.
constexpr std::size_t max_waiting = 64;

// A client, and what a worker does for it. A job that the pool does not take still has its client.
struct Visit {
  Socket client;

  void operator()() { handle_connection(std::move(client)); }
};

// Serves `connections` clients; a pool of `workers` threads does the work. When the server is asked to stop, the
// clients that it has accepted are still served, and the system refuses new ones.
void serve(Socket listener, int connections, std::size_t workers, const StopSignal& stop) {
  TurnedAway turned_away;  // above the pool, so that it keeps these clients until the pool has ended
  ThreadPool pool{workers, max_waiting};
  int clients = 0;
  // TODO: a signal must end this loop, even if it comes after the look at `stop`, and whichever thread receives it.
  while (clients < connections && !stop.has_come()) {
    try {
      Visit visit{accept_connection(listener)};
      ++clients;
      if (!pool.try_execute(visit)) turned_away.refuse(std::move(visit.client));
    } catch (const std::exception& error) {
      std::fprintf(stderr, "%s\n", error.what());
    }
  }
  // TODO: from here on, nobody may connect and then wait for an answer that will not come.
}

// server [PORT [CONNECTIONS [WORKERS]]]
int main(int argc, char* argv[]) {
  const Arguments arguments{argc, argv};
  const StopSignal stop;
  return run_server(arguments.port, [&](Socket listener) {
    serve(std::move(listener), arguments.connections, arguments.workers, stop);
  });
}
