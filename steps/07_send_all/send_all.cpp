// Stage 07, send all: docs/07_send_all.md
#include "send_all.hpp"

#include <sys/socket.h>
#include <sys/types.h>

#include <cerrno>
#include <cstddef>

#include "check.hpp"

void send_all(const Socket& socket, std::string_view text) {
  // TODO: send what is left until nothing is, through interruptions, and survive a client that has gone.
  check(send(socket.fd(), text.data(), text.size(), 0), "send");
}
