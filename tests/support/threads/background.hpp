// A function that runs beside a test. Spares tests <thread>, which takes the compiler longer than most of them.
#pragma once

namespace support {

// Calls `function`, which has to live as long as this object, on a thread of its own; its end waits for that.
class Background {
 public:
  template <class F>
  explicit Background(F& function) : Background{[](const void* f) { (*static_cast<const F*>(f))(); }, &function} {}

  ~Background();
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

 private:
  Background(void (*call)(const void*), const void* argument);

  struct Thread;
  Thread& thread_;
};

}  // namespace support
