// Signals at the moments that matter: amid a system call, and just before it.
#pragma once

#include <sys/types.h>

namespace support {

// Whether signal_before_call can do anything here.
#if defined(__x86_64__)
inline constexpr bool can_signal_before_call = true;
#else
inline constexpr bool can_signal_before_call = false;
#endif

// Sends the signal to a child of this program whose main thread waits in a system call. That call is taken back, the
// handler runs, and the call is made again: the thread had been about to make it when the signal came. It is a matter
// of nanoseconds elsewhere. False, and nothing is sent, when this system does not let the child be traced (ptrace).
bool signal_before_call(pid_t process, int signal);

// Interrupts system calls of the calling thread, so that they end early or with EINTR.
// While it lives, SIGUSR1 wakes the thread that made it when that thread sleeps in a system call, `count` times in all.
// The signal's handler does nothing and is installed without SA_RESTART. One at a time: they share the signal.
class Interruptions {
 public:
  explicit Interruptions(int count);

  // And when all have arrived, calls `then` (on a thread of its own), which has to live as long as this object.
  template <class F>
  Interruptions(int count, F& then)
      : Interruptions{count, [](const void* f) { (*static_cast<const F*>(f))(); }, &then} {}

  ~Interruptions();
  Interruptions(const Interruptions&) = delete;
  Interruptions& operator=(const Interruptions&) = delete;

 private:
  Interruptions(int count, void (*then)(const void*), const void* argument);

  struct State;
  State& state_;  // this object's own; a reference spares every test the cost of <memory>
};

}  // namespace support
