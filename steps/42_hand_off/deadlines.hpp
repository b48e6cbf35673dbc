// Stage 42, hand off: docs/42_hand_off.md
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>

// When something is to be done for which connection, at most one time for each. To set one costs the logarithm of how
// many there are.
class Deadlines {
 public:
  using Time = std::chrono::steady_clock::time_point;

  void set(std::uint64_t number, Time time) {
    const auto [found, is_new] = times_.try_emplace(number, time);
    if (!is_new && found->second == time) return;
    if (!is_new) in_order_.erase({found->second, number});
    found->second = time;
    in_order_.emplace(time, number);
  }

  void forget(std::uint64_t number) {
    const auto found = times_.find(number);
    if (found == times_.end()) return;
    in_order_.erase({found->second, number});
    times_.erase(found);
  }

  // The next one, or nothing.
  std::optional<Time> next() const {
    if (in_order_.empty()) return std::nullopt;
    return in_order_.begin()->first;
  }

  // A connection whose time has come by `now`, or nothing. Its time is forgotten.
  std::optional<std::uint64_t> take_expired(Time now) {
    if (in_order_.empty() || in_order_.begin()->first > now) return std::nullopt;
    const std::uint64_t number = in_order_.begin()->second;
    forget(number);
    return number;
  }

 private:
  std::set<std::pair<Time, std::uint64_t>> in_order_;
  std::map<std::uint64_t, Time> times_;
};
