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
#include "event_loop.hpp"
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

// Serves all clients on this thread: each of them a little, whenever it has sent something. When the server is asked to
// stop, the requests that have begun are still answered.
void serve(Socket listener, const StopSignal& stop) {
  EventLoop loop;
  check(fcntl(listener.fd(), F_SETFL, O_NONBLOCK), "fcntl");  // accept4 does not wait, either
  loop.watch(listener.fd(), EPOLLIN | EPOLLET);
  loop.watch(stop.fd(), EPOLLIN);
  std::unordered_map<int, Connection> connections;  // by their descriptors
  bool stopping = false;
  const auto stop_now = [&] {
    stopping = true;
    loop.forget(stop.fd());
    listener = Socket{-1};
    std::erase_if(connections, [](const auto& each) { return each.second.is_idle(); });
    for (auto& [fd, connection] : connections) connection.let_answer_be_last();
  };
  while (!stopping || !connections.empty()) {
    for (const epoll_event& event : loop.wait()) {
      const int fd = event.data.fd;
      try {
        if (fd == stop.fd()) {
          stop_now();
        } else if (fd == listener.fd()) {
          while (std::optional<Socket> client = try_accept(listener)) {
            loop.watch(client->fd(), EPOLLIN | EPOLLOUT | EPOLLET);
            const int number = client->fd();
            connections.emplace(number, Connection{std::move(*client)});
          }
        } else if (const auto found = connections.find(fd); found != connections.end()) {
          if (!found->second.go_on()) connections.erase(found);
        }
      } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        connections.erase(fd);
      }
    }
  }
}

// server [PORT]
int main(int argc, char* argv[]) {
  const Arguments arguments{argc, argv};
  const StopSignal stop;
  return run_server(arguments.port, [&](Socket listener) { serve(std::move(listener), stop); });
}
