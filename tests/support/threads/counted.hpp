#pragma once

#include <utility>

namespace support {

// Something to hold, and to move, that is counted for as long as it is there. Without <memory>, which compiles slowly.
class Counted {
 public:
  explicit Counted(int& count) : count_{&count} { ++count; }
  Counted(Counted&& other) noexcept : count_{std::exchange(other.count_, nullptr)} {}
  Counted& operator=(Counted&&) = delete;
  ~Counted() {
    if (count_ != nullptr) --*count_;
  }

 private:
  int* count_;  // null: it has been moved away
};

}  // namespace support
