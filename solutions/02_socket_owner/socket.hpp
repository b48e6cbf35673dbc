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

  Socket(Socket&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}

  // Closes the descriptor that this socket owned before.
  Socket& operator=(Socket&& other) noexcept {
    Socket taken{std::move(other)};
    std::swap(fd_, taken.fd_);
    return *this;
  }

  // Ignores an error of close: the descriptor is gone all the same, and nobody could close it a second time.
  ~Socket() {
    if (fd_ != -1) close(fd_);
  }

  int fd() const { return fd_; }

 private:
  int fd_;
};
