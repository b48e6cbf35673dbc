// Test case: a pool that ends takes jobs until the last one has run, as it does before it can be closed.
#include "expect/expect.hpp"
#include "tested_pool.hpp"
#include "threads/every_schedule.hpp"

#include <doctest/doctest.h>

#include <atomic>

using support::under_every_schedule;
using tested::ThreadPool;

TEST_CASE("a job that another one hands in while the pool ends runs, too") {
  under_every_schedule([] {
    std::atomic<int> runs = 0;
    {
      ThreadPool pool{2};
      pool.execute([&] {
        ++runs;
        pool.execute([&] { ++runs; });
      });
    }
    support::expect("jobs that ran", runs.load()).is(2);
  });
}
