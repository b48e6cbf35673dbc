// Interrupts system calls of the calling thread, so that they end early or with EINTR.
#pragma once

namespace support {

// While it lives, SIGUSR1 wakes the thread that made it when that thread sleeps in a system call, `count` times in all.
// The signal's handler does nothing and is installed without SA_RESTART. One at a time: they share the signal.
class Interruptions {
 public:
  explicit Interruptions(int count);
  ~Interruptions();
  Interruptions(const Interruptions&) = delete;
  Interruptions& operator=(const Interruptions&) = delete;

  int arrived() const;

 private:
  struct State;
  State& state_;  // this object's own; a reference spares every test the cost of <memory>
};

}  // namespace support
