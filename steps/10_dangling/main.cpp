// Stage 10, dangling: docs/10_dangling.md
#include <cstdint>
#include <cstdio>
#include <exception>
#include <thread>
#include <utility>

#include "handle_connection.hpp"
#include "listener.hpp"
#include "number_from.hpp"
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

// server [PORT]: serves on 127.0.0.1. PORT is 8080 unless given; 0 takes any free port.
int main(int argc, char* argv[]) {
  const auto port = static_cast<std::uint16_t>(argc > 1 ? number_from(argv[1], "PORT", 0, 65535) : 8080);
  try {
    const Socket listener = listen_on(port);
    std::printf("listening on http://127.0.0.1:%d/\n", port_of(listener));
    std::fflush(stdout);
    serve(listener);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
