// Stage 22, from an empty file: docs/22_from_an_empty_file.md
#include <cstdint>
#include <cstdio>
#include <exception>
#include <limits>
#include <utility>

#include <thread_pool.hpp>  // not "…": each later stage brings its own, and this finds it
#include "handle_connection.hpp"
#include "listener.hpp"
#include "number_from.hpp"
#include "socket.hpp"

// Serves `connections` clients; the threads of a pool do the work.
void serve(const Socket& listener, int connections) {
  ThreadPool pool{4};
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

// server [PORT [CONNECTIONS]]: serves on 127.0.0.1, and ends when that many clients are served; without CONNECTIONS, it
// goes on. PORT is 8080 unless given; 0 takes any free port.
int main(int argc, char* argv[]) {
  constexpr int no_end = std::numeric_limits<int>::max();
  const auto port = static_cast<std::uint16_t>(argc > 1 ? number_from(argv[1], "PORT", 0, 65535) : 8080);
  const int connections = argc > 2 ? number_from(argv[2], "CONNECTIONS", 1, no_end) : no_end;
  try {
    const Socket listener = listen_on(port);
    std::printf("listening on http://127.0.0.1:%d/\n", port_of(listener));
    std::fflush(stdout);
    serve(listener, connections);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
