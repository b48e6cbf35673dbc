// Stage 03, rebind: docs/03_rebind.md
#include <cstdint>
#include <cstdio>
#include <exception>
#include <utility>

#include "handle_connection.hpp"
#include "listener.hpp"
#include "number_from.hpp"
#include "socket.hpp"

// Serves one client after the other, for ever. An error ends that client's connection, not the server.
void serve(const Socket& listener) {
  while (true) {
    try {
      Socket client = accept_connection(listener);
      handle_connection(std::move(client));
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
