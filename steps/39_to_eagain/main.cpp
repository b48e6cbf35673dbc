// Stage 39, to eagain: docs/39_to_eagain.md
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

// Serves all clients on this thread: each of them a little, whenever it has sent something. When the server is asked to
// stop, the requests that have begun are still answered.
void serve(Socket listener, const StopSignal& stop) {
  EventLoop loop;
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
          // TODO: More clients than one may have come, and they are reported once.
          Connection connection{accept_connection(listener)};
          const int client = connection.fd();
          loop.watch(client, EPOLLIN | EPOLLET);
          connections.emplace(client, std::move(connection));
        } else if (const auto found = connections.find(fd); found != connections.end()) {
          if (!found->second.take_input()) connections.erase(found);
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
