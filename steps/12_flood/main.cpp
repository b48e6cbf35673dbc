// Stage 12, flood: docs/12_flood.md
#include <cstdio>
#include <exception>
#include <utility>

#include "connection_threads.hpp"
#include "handle_connection.hpp"
#include "listener.hpp"
#include "serve.hpp"
#include "socket.hpp"

// How many clients are served at a time, at most; the others wait until one of them is done.
constexpr int max_threads = 64;

// Serves `connections` clients, each on a thread of its own, and reports each that is done, by its number.
void serve(const Socket& listener, int connections) {
  ConnectionThreads threads{max_threads};
  int clients = 0;
  while (clients < connections) {
    try {
      Socket client = accept_connection(listener);
      int number = ++clients;
      threads.start([number, client = std::move(client)]() mutable {
        handle_connection(std::move(client));
        std::fprintf(stderr, "client %d is done\n", number);
      });
    } catch (const std::exception& error) {
      std::fprintf(stderr, "%s\n", error.what());
    }
  }
}

// server [PORT [CONNECTIONS]]
int main(int argc, char* argv[]) {
  const Arguments arguments{argc, argv};
  return run_server(arguments.port, [&](const Socket& listener) { serve(listener, arguments.connections); });
}
