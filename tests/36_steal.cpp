// The other test cases are in tests/shared: meson.build names those of this stage.
#include "expect/expect.hpp"
#include "implement_task_pool.hpp"
#include "task_pool.hpp"
#include "threads/every_schedule.hpp"

#include <doctest/doctest.h>

#include <atomic>

TEST_CASE("while a thread is busy, an idle one takes what it has forked") {
  const auto body = [] {
    std::atomic<int> runs = 0;
    int taken = 0;
    TaskPool pool{1};
    const auto busy = [&] {
      support::until_others_sleep();
      taken = runs;
    };
    pool.invoke(busy, [&] { ++runs; });
    support::expect("functions that the idle thread has taken meanwhile", taken).is(1);
  };
  support::under_every_schedule(body, 2);
}
