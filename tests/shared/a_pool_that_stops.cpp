// Test case: the end of a pool, and a worker that does not sleep yet. It runs before all others, in the order of the
// files' names.
#include "tested_pool.hpp"
#include "threads/every_schedule.hpp"

#include <doctest/doctest.h>

#include <cstdlib>

using tested::ThreadPool;

namespace {

// While it lives, a schedule may have two switches, unless somebody has asked for another number.
class TwoSwitches {
 public:
  TwoSwitches() {
    if (!asked_) ::setenv(name, "2", 1);
  }
  TwoSwitches(const TwoSwitches&) = delete;
  TwoSwitches& operator=(const TwoSwitches&) = delete;
  ~TwoSwitches() {
    if (!asked_) ::unsetenv(name);
  }

 private:
  static constexpr const char* name = "SERVERLINGS_SWITCHES";
  const bool asked_ = std::getenv(name) != nullptr;
};

}  // namespace

// One worker, and no job: neither of the two threads has to wait before the end, so each of them must be held up once.
TEST_CASE("a pool that stops wakes a worker that was about to sleep") {
  const TwoSwitches two;
  support::under_every_schedule([] { const ThreadPool pool{1}; });
}
