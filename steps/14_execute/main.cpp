// Stage 14, execute: docs/14_execute.md
#include <cstddef>
#include <cstdio>
#include <exception>
#include <utility>

#include "handle_connection.hpp"
#include "listener.hpp"
#include "serve.hpp"
#include "socket.hpp"

#include <thread_pool.hpp>  // not "…": each later stage brings its own, and this finds it

// Serves `connections` clients; a pool of `workers` threads does the work.
void serve(const Socket& listener, int connections, std::size_t workers) {
  ThreadPool pool{workers};
  int clients = 0;
  while (clients < connections) {
    try {
      Socket client = accept_connection(listener);
      ++clients;
      pool.execute([client = std::move(client)]() mutable { handle_connection(std::move(client)); });
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
