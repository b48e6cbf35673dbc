#pragma once

#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>

#include "check.hpp"
#include "socket.hpp"

// A descriptor that can be read as soon as SIGTERM or SIGINT has come, and from then on, because nobody reads it. poll
// (POSIX) can wait for it beside sockets, in any number of threads. A second signal ends the process at once.
class StopSignal {
 public:
  // There can be one at a time. Throws std::system_error.
  StopSignal() {
    std::array<int, 2> ends;
    check(pipe(ends.data()), "pipe");
    read_end_ = Socket{ends[0]};
    write_end_ = Socket{ends[1]};
    pipe_end = write_end_.fd();

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

  int fd() const { return read_end_.fd(); }

 private:
  // Runs on any thread, between any two of its instructions. So it calls what POSIX lets a handler call (the
  // async-signal-safe functions, POSIX.1-2017 XSH §2.4.3), and no more.
  static void note(int) {
    const int error = errno;  // of the code that is interrupted
    std::signal(SIGTERM, SIG_DFL);
    std::signal(SIGINT, SIG_DFL);
    [[maybe_unused]] const auto count = write(pipe_end, "", 1);
    errno = error;
  }

  static inline std::atomic<int> pipe_end = -1;  // what the handler writes to
  static_assert(std::atomic<int>::is_always_lock_free, "a handler must not wait for a lock");

  Socket read_end_{-1};
  Socket write_end_{-1};
};
