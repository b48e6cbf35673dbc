// Interrupts system calls of the calling thread, so that they end early or with EINTR.
#pragma once

namespace support {

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
