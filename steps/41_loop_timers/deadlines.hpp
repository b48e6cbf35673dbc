// Stage 41, loop timers: docs/41_loop_timers.md
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <utility>

// When something is to be done for which descriptor, at most one time for each. To set one costs the logarithm of how
// many there are.
class Deadlines {
 public:
  using Time = std::chrono::steady_clock::time_point;

  void set(int fd, Time time) {
    const auto [found, is_new] = times_.try_emplace(fd, time);
    if (!is_new && found->second == time) return;
    if (!is_new) in_order_.erase({found->second, fd});
    found->second = time;
    in_order_.emplace(time, fd);
  }

  void forget(int fd) {
    const auto found = times_.find(fd);
    if (found == times_.end()) return;
    in_order_.erase({found->second, fd});
    times_.erase(found);
  }

  // The next one, or nothing.
  std::optional<Time> next() const {
    if (in_order_.empty()) return std::nullopt;
    return in_order_.begin()->first;
  }

  // A descriptor whose time has come by `now`, or nothing. Its time is forgotten.
  std::optional<int> take_expired(Time now) {
    if (in_order_.empty() || in_order_.begin()->first > now) return std::nullopt;
    const int fd = in_order_.begin()->second;
    forget(fd);
    return fd;
  }

 private:
  std::set<std::pair<Time, int>> in_order_;
  std::map<int, Time> times_;
};
