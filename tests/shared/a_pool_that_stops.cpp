// Test case: the end of a pool, and a worker that does not sleep yet. It runs before all others, in the order of the
// files' names.
#include "tested_pool.hpp"
#include "threads/every_schedule.hpp"

#include <doctest/doctest.h>

using tested::ThreadPool;

// One worker, and no job: neither of the two threads has to wait before the end, so each of them must be held up once;
// and somebody who sleeps before the notification must wake up early, which is a third switch.
TEST_CASE("a pool that stops wakes a worker that was about to sleep") {
  constexpr int switches = 3;
  support::under_every_schedule([] { const ThreadPool pool{1}; }, switches);
}
