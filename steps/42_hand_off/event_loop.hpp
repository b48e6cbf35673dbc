// Stage 42, hand off: docs/42_hand_off.md
#pragma once

#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>

#include "check.hpp"
#include "socket.hpp"

using Clock = std::chrono::steady_clock;

// Waits for many descriptors at the same time (Linux: man 7 epoll).
class EventLoop {
 public:
  // From now on wait() tells by this number when `events`, such as EPOLLIN, have come for the descriptor; until it is
  // closed.
  void watch(int fd, std::uint64_t number, std::uint32_t events) {
    epoll_event event{};
    event.events = events;
    event.data.u64 = number;
    check(epoll_ctl(epoll_.fd(), EPOLL_CTL_ADD, fd, &event), "epoll_ctl");
  }

  void forget(int fd) { check(epoll_ctl(epoll_.fd(), EPOLL_CTL_DEL, fd, nullptr), "epoll_ctl"); }

  // Waits until something has come for some of the descriptors, and says for which; none at the deadline. Without one
  // it waits as long as it takes.
  std::span<const epoll_event> wait(std::optional<Clock::time_point> deadline) {
    using std::chrono::milliseconds;
    while (true) {
      int left = -1;  // no limit
      if (deadline) {
        const auto time = std::chrono::ceil<milliseconds>(*deadline - Clock::now()).count();
        left = static_cast<int>(std::clamp<decltype(time)>(time, 0, std::numeric_limits<int>::max()));
      }
      const int count = epoll_wait(epoll_.fd(), events_.data(), static_cast<int>(events_.size()), left);
      if (count == -1 && errno == EINTR) continue;
      return {events_.data(), static_cast<std::size_t>(check(count, "epoll_wait"))};
    }
  }

 private:
  Socket epoll_{check(epoll_create1(EPOLL_CLOEXEC), "epoll_create1")};
  std::array<epoll_event, 64> events_{};
};
