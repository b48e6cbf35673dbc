#include <poll.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <utility>

#include "check.hpp"
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
  std::chrono::milliseconds header_time;
  const StopSignal& stop;

  void operator()() { handle_connection(std::move(client), header_time, stop); }
};

// Waits until a client has come, or the server is asked to stop; in that case it returns false, even if a client has
// come, too.
bool wait_for_client(const Socket& listener, const StopSignal& stop) {
  std::array<pollfd, 2> awaited{{{listener.fd(), POLLIN, 0}, {stop.fd(), POLLIN, 0}}};
  while (true) {
    const int ready = poll(awaited.data(), awaited.size(), -1);
    if (ready == -1 && errno == EINTR) continue;
    check(ready, "poll");
    return awaited[1].revents == 0;
  }
}

// Serves clients as the arguments say; a pool does the work. When the server is asked to stop, the clients that it has
// accepted are still served, and the system refuses new ones.
void serve(Socket listener, const Arguments& arguments, const StopSignal& stop) {
  TurnedAway turned_away;  // above the pool, so that it keeps these clients until the pool has ended
  ThreadPool pool{arguments.workers, max_waiting};
  int clients = 0;
  while (clients < arguments.connections && wait_for_client(listener, stop)) {
    try {
      Visit visit{accept_connection(listener), arguments.header_time, stop};
      ++clients;
      if (!pool.try_execute(visit)) turned_away.refuse(std::move(visit.client));
    } catch (const std::exception& error) {
      std::fprintf(stderr, "%s\n", error.what());
    }
  }
  listener = Socket{-1};  // closed before the pool's destructor waits for the last answer
}

// server [PORT [CONNECTIONS [WORKERS [HEADER_MS]]]]
int main(int argc, char* argv[]) {
  const Arguments arguments{argc, argv};
  const StopSignal stop;
  return run_server(arguments.port, [&](Socket listener) { serve(std::move(listener), arguments, stop); });
}
