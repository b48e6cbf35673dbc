#include "expect/waiting.hpp"

#include "report/report.hpp"
#include "system/process_facts.hpp"

#include <poll.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <stdexcept>

namespace support {
namespace {

constexpr int look_every = 20;  // milliseconds between two looks at the watched process

std::atomic<bool> a_test_gave_up{false};

long long now() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// The processor time of the process so far, in milliseconds; 0 when it is gone.
long long work_of(pid_t process) {
  try {
    return cpu_milliseconds(process);
  } catch (const std::runtime_error&) {
    return 0;
  }
}

}  // namespace

Patience::Patience(pid_t watched, After after) : watched_{watched}, after_{after} {
  refresh();
}

void Patience::refresh() {
  started_ = now();
  rested_ = 0;
  waited_ = 0;
  moments_ = 0;
  worked_before_ = watched_ > 0 ? work_of(watched_) : 0;
}

bool Patience::is_over(long long waited_from) {
  const bool later = a_test_gave_up && after_ == After::failure_shorter;
  const long long time = now();
  // Only a short wait is counted as rest: after a long one this program itself was held up.
  if (watched_ > 0 && is_at_rest(watched_)) rested_ += std::min(time - waited_from, look_every * 1000LL);
  waited_ = time - started_;
  watched_ended_ = watched_ > 0 && has_ended(watched_);
  ended_by_rest_ = rested_ >= 1000LL * (later ? later_rest_guard : watched_ended_ ? end_guard : rest_guard);
  const long long worked = watched_ > 0 ? work_of(watched_) - worked_before_ : waited_ / 1000;
  return ended_by_rest_ || waited_ >= 1000LL * guard || (later && worked >= later_guard);
}

bool Patience::until_ready(int descriptor, short events) {
  pollfd wanted{descriptor, events, 0};
  return until_one_ready(&wanted, 1);
}

bool Patience::until_one_ready(pollfd* descriptors, unsigned long count) {
  for (;;) {
    const long long from = now();
    const int ready = ::poll(descriptors, count, look_every);
    if (ready > 0) return true;
    if (ready == 0 && is_over(from)) return false;
  }
}

bool Patience::a_moment() {
  const long long from = now();
  // What is waited for mostly happens within microseconds, so the first waits are short.
  const long microseconds = std::min(50L << std::min(moments_++ / 8, 20), look_every * 1000L);
  const timespec time{0, microseconds * 1000};
  ::ppoll(nullptr, 0, &time, nullptr);
  return !is_over(from);
}

std::string Patience::gave_up() const {
  const bool sleeps = ended_by_rest_ && !watched_ended_;
  // One picture a program: the first failure is the one that is looked at.
  if (!a_test_gave_up.exchange(true) && sleeps) report::note_sleeper(watched_);
  char text[64];
  std::snprintf(text, sizeof text, "for %.1f s%s", static_cast<double>(waited_) / 1e6,
                watched_ended_ ? ", and the server has ended"
                : sleeps       ? ", and the server sleeps"
                               : "");
  return text;
}

}  // namespace support
