#pragma once

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

#include "check.hpp"
#include "respond.hpp"
#include "socket.hpp"

// Answers that other threads have made, on their way to the loop: a queue, and a descriptor that can be read as long as
// something is in it (Linux: man 2 eventfd).
class Results {
 public:
  struct Result {
    std::uint64_t connection;  // its number; it may be gone by now
    Response response;
  };

  int fd() const { return event_.fd(); }

  // Any thread's.
  void put(std::uint64_t connection, Response response) {
    const std::lock_guard lock{mutex_};
    results_.push_back({connection, std::move(response)});
    constexpr std::uint64_t one = 1;
    check(write(event_.fd(), &one, sizeof one), "write");  // under the lock: so the descriptor says what the queue is
  }

  // The loop's, when the descriptor can be read: all that are there.
  std::vector<Result> take_all() {
    const std::lock_guard lock{mutex_};
    std::uint64_t count = 0;
    check(read(event_.fd(), &count, sizeof count), "read");
    return std::exchange(results_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<Result> results_;
  Socket event_{check(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd")};
};
