// Stage 44, many loops: docs/44_many_loops.md
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>

#include "check.hpp"
#include "socket.hpp"

// A socket that listens on 127.0.0.1 at `port`, or at any free port for 0 (POSIX bind, listen). Connections of an
// earlier server that have not quite ended (TIME_WAIT, RFC 9293 §3.6) do not keep it from the port, and neither do
// other sockets that listen there, if this function made them for the same user: the system hands each new client to
// one of them (Linux: man 7 socket, SO_REUSEPORT). Throws std::system_error.
inline Socket listen_on(std::uint16_t port) {
  Socket listener{check(socket(AF_INET, SOCK_STREAM, 0), "socket")};
  const int on = 1;
  for (const int option : {SO_REUSEADDR, SO_REUSEPORT}) {
    check(setsockopt(listener.fd(), SOL_SOCKET, option, &on, sizeof on), "setsockopt");
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  check(bind(listener.fd(), reinterpret_cast<sockaddr*>(&address), sizeof address), "bind");
  check(listen(listener.fd(), SOMAXCONN), "listen");
  return listener;
}

// The port that a listener is bound to (POSIX getsockname). Throws std::system_error.
inline std::uint16_t port_of(const Socket& listener) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  check(getsockname(listener.fd(), reinterpret_cast<sockaddr*>(&address), &size), "getsockname");
  return ntohs(address.sin_port);
}

// Waits for the next client and returns its connection (POSIX accept). Throws std::system_error.
inline Socket accept_connection(const Socket& listener) {
  return Socket{check(accept(listener.fd(), nullptr, nullptr), "accept")};
}
