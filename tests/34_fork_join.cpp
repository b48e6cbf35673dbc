// The other test cases are in tests/shared: meson.build names those of this stage.
#include "expect/expect.hpp"
#include "implement_task_pool.hpp"
#include "task_pool.hpp"
#include "threads/every_schedule.hpp"

#include <doctest/doctest.h>

#include <atomic>

TEST_CASE("parts may have parts of their own, however few workers there are") {
  support::under_every_schedule([] {
    std::atomic<int> runs = 0;
    TaskPool pool{2};
    const auto leaf = [&] { ++runs; };
    const auto half = [&] { pool.invoke(leaf, leaf); };
    pool.invoke(half, half);
    support::expect("leaves that ran, of a tree with four", runs.load()).is(4);
  });
}
