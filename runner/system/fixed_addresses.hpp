#pragma once

#include <sys/personality.h>

namespace runner {

/// What this thread starts meanwhile has its memory always at the same addresses (see personality(2)).
class FixedAddresses {
 public:
  explicit FixedAddresses(bool wanted) : before_(wanted ? ::personality(ask) : -1) {
    if (before_ >= 0) ::personality(static_cast<unsigned long>(before_) | ADDR_NO_RANDOMIZE);
  }
  ~FixedAddresses() {
    if (before_ >= 0) ::personality(static_cast<unsigned long>(before_));
  }
  FixedAddresses(const FixedAddresses&) = delete;
  FixedAddresses& operator=(const FixedAddresses&) = delete;

 private:
  static constexpr unsigned long ask = 0xffffffff;
  int before_;  // -1: nothing was changed
};

}  // namespace runner
