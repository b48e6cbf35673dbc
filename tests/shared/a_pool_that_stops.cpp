// Test case: the end of a pool, and a worker that does not sleep yet. It runs before all others, in the order of the
// files' names.
#include "tested_pool.hpp"
#include "threads/every_schedule.hpp"

#include <doctest/doctest.h>

#include <cstdlib>

using tested::ThreadPool;

namespace {

// While it lives, a schedule may have three switches, unless somebody has asked for another number.
class MoreSwitches {
 public:
  MoreSwitches() {
    if (!asked_) ::setenv(name, "3", 1);
  }
  MoreSwitches(const MoreSwitches&) = delete;
  MoreSwitches& operator=(const MoreSwitches&) = delete;
  ~MoreSwitches() {
    if (!asked_) ::unsetenv(name);
  }

 private:
  static constexpr const char* name = "SERVERLINGS_SWITCHES";
  const bool asked_ = std::getenv(name) != nullptr;
};

}  // namespace

// One worker, and no job: neither of the two threads has to wait before the end, so each of them must be held up once;
// and somebody who sleeps before the notification must wake up early, which is a third switch.
TEST_CASE("a pool that stops wakes a worker that was about to sleep") {
  const MoreSwitches three;
  support::under_every_schedule([] { const ThreadPool pool{1}; });
}
