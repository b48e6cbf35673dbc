// Stage 09, slow neighbour: docs/09_slow_neighbour.md
#include <cstdio>
#include <exception>
#include <utility>

#include "handle_connection.hpp"
#include "listener.hpp"
#include "serve.hpp"
#include "socket.hpp"

// Serves one client after the other, for ever.
void serve(const Socket& listener) {
  while (true) {
    try {
      Socket client = accept_connection(listener);
      // TODO: serve this client on a thread of its own, so that the next one need not wait.
      handle_connection(std::move(client));
    } catch (const std::exception& error) {
      std::fprintf(stderr, "%s\n", error.what());
    }
  }
}

// server [PORT]
int main(int argc, char* argv[]) {
  const Arguments arguments{argc, argv};
  return run_server(arguments.port, serve);
}
