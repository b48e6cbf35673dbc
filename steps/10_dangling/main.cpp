// Stage 10, dangling: docs/10_dangling.md
#include <cstdio>
#include <exception>
#include <thread>
#include <utility>

#include "handle_connection.hpp"
#include "listener.hpp"
#include "serve.hpp"
#include "socket.hpp"

// Serves each client on a thread of its own, for ever, and reports each that is done, by its number.
void serve(const Socket& listener) {
  int clients = 0;
  while (true) {
    try {
      Socket client = accept_connection(listener);
      int number = ++clients;
      // TODO: give the thread what it needs, for as long as it needs it.
      std::thread thread{[&, client = std::move(client)]() mutable {
        handle_connection(std::move(client));
        std::fprintf(stderr, "client %d is done\n", number);
      }};
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
