// Stage 41, loop timers: docs/41_loop_timers.md
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdio>
#include <exception>
#include <optional>
#include <unordered_map>
#include <utility>

#include "check.hpp"
#include "connection.hpp"
#include "deadlines.hpp"
#include "event_loop.hpp"
#include "limits.hpp"
#include "listener.hpp"
#include "serve.hpp"
#include "socket.hpp"
#include "stop_signal.hpp"

// The next client, if one has come. Throws std::system_error.
std::optional<Socket> try_accept(const Socket& listener) {
  while (true) {
    const int client = accept4(listener.fd(), nullptr, nullptr, SOCK_CLOEXEC);
    if (client == -1 && errno == EAGAIN) return std::nullopt;
    if (client == -1 && (errno == EINTR || errno == ECONNABORTED)) continue;
    return Socket{check(client, "accept4")};
  }
}

// Serves all clients on this thread: each of them a little, whenever something has come for it, or its time is over.
// When the server is asked to stop, the requests that have begun are still answered.
void serve(Socket listener, const Limits& limits, const StopSignal& stop) {
  EventLoop loop;
  check(fcntl(listener.fd(), F_SETFL, O_NONBLOCK), "fcntl");  // accept4 does not wait, either
  loop.watch(listener.fd(), EPOLLIN | EPOLLET);
  loop.watch(stop.fd(), EPOLLIN);
  std::unordered_map<int, Connection> connections;  // by their descriptors
  Deadlines deadlines;
  bool stopping = false;
  const auto forget = [&](int fd) {
    deadlines.forget(fd);
    connections.erase(fd);
  };
  const auto go_on = [&](int fd) {
    const auto found = connections.find(fd);
    if (found == connections.end()) return;
    try {
      if (!found->second.go_on()) forget(fd);
    } catch (const std::exception& error) {
      std::fprintf(stderr, "%s\n", error.what());
      forget(fd);
    }
  };
  const auto accept_all = [&] {
    try {
      while (std::optional<Socket> client = try_accept(listener)) {
        const int fd = client->fd();
        loop.watch(fd, EPOLLIN | EPOLLOUT | EPOLLET);
        connections.try_emplace(fd, std::move(*client), limits);
      }
    } catch (const std::exception& error) {
      std::fprintf(stderr, "%s\n", error.what());
    }
  };
  const auto stop_now = [&] {
    accept_all();  // whoever has connected before
    stopping = true;
    loop.forget(stop.fd());
    listener = Socket{-1};
    for (auto each = connections.begin(); each != connections.end();) {
      auto& [fd, connection] = *each++;
      connection.let_answer_be_last();
      go_on(fd);  // what has come by now is still answered; a client that has asked for nothing is let go
    }
  };
  // TODO: Wait until the next deadline at most, and go on with each connection whose deadline has come.
  while (!stopping || !connections.empty()) {
    for (const epoll_event& event : loop.wait(std::nullopt)) {
      const int fd = event.data.fd;
      if (fd == stop.fd()) {
        stop_now();
      } else if (fd == listener.fd()) {
        accept_all();
      } else {
        go_on(fd);
      }
    }
  }
}

// server [PORT [CONNECTIONS [WORKERS [HEADER_MS [IDLE_MS]]]]]; CONNECTIONS and WORKERS mean nothing here
int main(int argc, char* argv[]) {
  const Arguments arguments{argc, argv};
  const StopSignal stop;
  return run_server(arguments.port, [&](Socket listener) { serve(std::move(listener), arguments.limits, stop); });
}
