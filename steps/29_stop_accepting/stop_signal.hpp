// Stage 29, stop accepting: docs/29_stop_accepting.md
#pragma once

#include <atomic>
#include <cerrno>
#include <csignal>

#include "check.hpp"

// Tells whether SIGTERM or SIGINT has come. A second signal ends the process at once.
class StopSignal {
 public:
  // There can be one at a time. Throws std::system_error.
  StopSignal() {
    struct sigaction action {};
    action.sa_handler = note;
    action.sa_flags = SA_RESTART;  // system calls that can go on after the handler do
    for (const int signal : {SIGTERM, SIGINT}) check(sigaction(signal, &action, nullptr), "sigaction");
  }

  ~StopSignal() {
    for (const int signal : {SIGTERM, SIGINT}) std::signal(signal, SIG_DFL);
  }

  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  bool has_come() const { return came; }

 private:
  // Runs on any thread, between any two of its instructions. So it calls what POSIX lets a handler call (the
  // async-signal-safe functions, POSIX.1-2017 XSH §2.4.3), and no more.
  static void note(int) {
    const int error = errno;  // of the code that is interrupted
    std::signal(SIGTERM, SIG_DFL);
    std::signal(SIGINT, SIG_DFL);
    // TODO: a flag wakes nobody. Let the handler do something that a thread can wait for.
    came = true;
    errno = error;
  }

  static inline std::atomic<bool> came = false;
  static_assert(std::atomic<bool>::is_always_lock_free, "a handler must not wait for a lock");
};
