#pragma once

#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <queue>
#include <string_view>
#include <utility>

#include "socket.hpp"

// Clients that the server has no room for. Refusing one takes little time, and never waits: a server that is busy must
// not be kept busy by those that it sends away.
class TurnedAway {
 public:
  TurnedAway() = default;
  TurnedAway(const TurnedAway&) = delete;
  TurnedAway& operator=(const TurnedAway&) = delete;

  ~TurnedAway() {
    while (!clients_.empty()) close_oldest();
  }

  // Answers 503 (RFC 9110 §15.6.4). The connection is closed some clients later: closing it while the request is still
  // on its way would reset it, and the client might lose the answer (RFC 9112 §9.6).
  void refuse(Socket client) {
    // A new connection has room for so few bytes. A client that has gone needs no answer, so no error is looked at.
    send(client.fd(), busy.data(), busy.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    shutdown(client.fd(), SHUT_WR);
    clients_.push(std::move(client));
    if (clients_.size() > most) close_oldest();
  }

 private:
  // What has come from it is read first, as bytes that nobody has read would reset the connection, too.
  void close_oldest() {
    std::array<char, 16'384> unread;
    recv(clients_.front().fd(), unread.data(), unread.size(), MSG_DONTWAIT);
    clients_.pop();
  }

  static constexpr std::size_t most = 128;  // descriptors are limited, too
  static constexpr std::string_view busy =
      "HTTP/1.1 503 Service Unavailable\r\n"
      "Content-Length: 0\r\n"
      "Retry-After: 1\r\n"
      "Connection: close\r\n"
      "\r\n";

  std::queue<Socket> clients_;  // the oldest in front
};
