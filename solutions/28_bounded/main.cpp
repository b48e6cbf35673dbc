#include <cstddef>
#include <cstdio>
#include <exception>
#include <utility>

#include "handle_connection.hpp"
#include "listener.hpp"
#include "serve.hpp"
#include "socket.hpp"
#include "turned_away.hpp"

#include <thread_pool.hpp>  // not "…": each later stage brings its own, and this finds it

// How many clients wait for a worker, at most; whoever comes then is turned away.
constexpr std::size_t max_waiting = 64;

// A client, and what a worker does for it. A job that the pool does not take still has its client.
struct Visit {
  Socket client;

  void operator()() { handle_connection(std::move(client)); }
};

// Serves `connections` clients; a pool of `workers` threads does the work.
void serve(const Socket& listener, int connections, std::size_t workers) {
  TurnedAway turned_away;  // above the pool, so that it keeps these clients until the pool has ended
  ThreadPool pool{workers, max_waiting};
  int clients = 0;
  while (clients < connections) {
    try {
      Visit visit{accept_connection(listener)};
      ++clients;
      if (!pool.try_execute(visit)) turned_away.refuse(std::move(visit.client));
    } catch (const std::exception& error) {
      std::fprintf(stderr, "%s\n", error.what());
    }
  }
}

// server [PORT [CONNECTIONS [WORKERS]]]
int main(int argc, char* argv[]) {
  const Arguments arguments{argc, argv};
  return run_server(arguments.port,
                    [&](const Socket& listener) { serve(listener, arguments.connections, arguments.workers); });
}
