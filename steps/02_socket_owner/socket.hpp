// Stage 02, socket owner: docs/02_socket_owner.md
#pragma once

#include <unistd.h>

#include <utility>

// Owns a socket's descriptor, alone, and closes it at the end of its own life (POSIX close). A Socket that was moved
// from owns none: its fd() is -1.
class Socket {
 public:
  explicit Socket(int fd) : fd_{fd} {}

  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  // TODO: let a new Socket take over the descriptor of another.

  // TODO: let this Socket take over the descriptor of another, and close the one that it owned before.

  // Ignores an error of close: the descriptor is gone all the same, and nobody could close it a second time.
  ~Socket() {
    if (fd_ != -1) close(fd_);
  }

  int fd() const { return fd_; }

 private:
  int fd_;
};
