#include "server/crowd.hpp"

#include "expect/waiting.hpp"
#include "server/server.hpp"
#include "system/descriptor.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstddef>
#include <string>
#include <vector>

namespace support {
namespace {

struct Asker {
  Descriptor socket;
  std::string received;
};

Descriptor connect_to(std::uint16_t port) {
  Descriptor socket{check(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), "socket")};
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  // Whether somebody listens shows when it is used.
  static_cast<void>(::connect(socket.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address));
  return socket;
}

// False when the connection has ended.
bool receive_some(Asker& asker, bool& closed_in_order) {
  char part[4096];
  const ssize_t count = ::recv(asker.socket.number(), part, sizeof part, 0);
  closed_in_order = count == 0;
  if (count > 0) asker.received.append(part, static_cast<std::size_t>(count));
  return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR));
}

}  // namespace

int ask_as_crowd(std::uint16_t port, int clients, int requests, std::string_view request, std::string_view answer) {
  std::vector<Asker> askers(static_cast<std::size_t>(clients));
  std::vector<pollfd> waits(askers.size(), pollfd{-1, 0, 0});
  int begun = 0;
  int ended = 0;
  int good = 0;
  const auto begin = [&](std::size_t i) {
    askers[i] = Asker{Descriptor{}, {}};
    waits[i] = {-1, 0, 0};
    if (begun == requests) return;
    ++begun;
    askers[i].socket = connect_to(port);
    waits[i] = {askers[i].socket.number(), POLLOUT, 0};
  };
  for (std::size_t i = 0; i < askers.size(); ++i) begin(i);

  Patience patience{server_at(port)};
  while (ended < requests && patience.until_one_ready(waits.data(), waits.size())) {
    patience.refresh();
    for (std::size_t i = 0; i < askers.size(); ++i) {
      if (waits[i].fd < 0 || waits[i].revents == 0) continue;
      if (waits[i].events == POLLOUT) {  // a request fits into a connection's buffer
        ::send(waits[i].fd, request.data(), request.size(), MSG_NOSIGNAL);
        waits[i].events = POLLIN;
        continue;
      }
      bool closed_in_order = false;
      if (receive_some(askers[i], closed_in_order)) continue;
      good += closed_in_order && askers[i].received == answer ? 1 : 0;
      ++ended;
      begin(i);
    }
  }
  return good;
}

}  // namespace support
