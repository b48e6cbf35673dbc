// Stage 31, keep alive: docs/31_keep_alive.md
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <limits>
#include <utility>

#include "limits.hpp"
#include "listener.hpp"
#include "number_from.hpp"
#include "socket.hpp"

// What a server is told when it is started: server [PORT [CONNECTIONS [WORKERS [HEADER_MS [IDLE_MS]]]]].
struct Arguments {
  static constexpr int no_end = std::numeric_limits<int>::max();

  // Ends the program with status 2 when one of them is not a number in its range.
  Arguments(int argc, char* argv[]) {
    if (argc > 1) port = static_cast<std::uint16_t>(number_from(argv[1], "PORT", 0, 65535));
    if (argc > 2) connections = number_from(argv[2], "CONNECTIONS", 0, no_end);
    if (argc > 3) workers = static_cast<std::size_t>(number_from(argv[3], "WORKERS", 1, no_end));
    if (argc > 4) limits.header_time = std::chrono::milliseconds{number_from(argv[4], "HEADER_MS", 1, no_end)};
    if (argc > 5) limits.idle_time = std::chrono::milliseconds{number_from(argv[5], "IDLE_MS", 1, no_end)};
    if (connections == 0) connections = no_end;
  }

  std::uint16_t port = 8080;  // 0: any free port
  int connections = no_end;   // the server ends when it has served that many clients; as an argument, 0 means no_end
  std::size_t workers = 4;    // how many threads its pool has
  Limits limits;
};

// Listens on 127.0.0.1 at this port, prints the address, and hands the listener to `serve`. Returns the program's
// exit status: 0, or 1 after an error, which it reports.
template <class Serve>
int run_server(std::uint16_t port, Serve serve) {
  try {
    Socket listener = listen_on(port);
    std::printf("listening on http://127.0.0.1:%d/\n", port_of(listener));
    std::fflush(stdout);
    serve(std::move(listener));
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
