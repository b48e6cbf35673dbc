#include <cstdio>
#include <exception>
#include <thread>
#include <utility>

#include "handle_connection.hpp"
#include "listener.hpp"
#include "serve.hpp"
#include "socket.hpp"

// Serves each client on a thread of its own, for ever.
void serve(const Socket& listener) {
  while (true) {
    try {
      Socket client = accept_connection(listener);
      std::thread thread{[client = std::move(client)]() mutable { handle_connection(std::move(client)); }};
      thread.detach();
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
