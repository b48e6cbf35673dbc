// Stage 13, ask for a pool: docs/13_ask_for_a_pool.md
#include <cstdio>
#include <exception>
#include <utility>

#include "handle_connection.hpp"
#include "listener.hpp"
#include "serve.hpp"
#include "socket.hpp"

#include <thread_pool.hpp>

// Serves `connections` clients; a fixed number of threads will do the work.
void serve(const Socket& listener, int connections) {
  ThreadPool pool{4};
  int clients = 0;
  while (clients < connections) {
    try {
      Socket client = accept_connection(listener);
      ++clients;
      handle_connection(std::move(client));
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
