// Interrupts system calls of the calling thread, so that they end early or with EINTR.
#pragma once

#include <memory>

namespace support {

// While it lives, each time the thread that made it sleeps in a system call, SIGUSR1 (whose handler does nothing, and
// is installed without SA_RESTART) wakes it, `count` times in all.
class Interruptions {
 public:
  explicit Interruptions(int count);
  ~Interruptions();
  Interruptions(const Interruptions&) = delete;
  Interruptions& operator=(const Interruptions&) = delete;

  int arrived() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace support
