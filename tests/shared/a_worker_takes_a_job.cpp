// Test case: the first job that a pool's worker takes. It runs before all others, in the order of the files' names.
#include "tested_pool.hpp"
#include "threads/every_schedule.hpp"

#include <doctest/doctest.h>

#include <latch>

using tested::ThreadPool;

TEST_CASE("a worker takes the job that the caller hands over") {
  support::under_every_schedule([] {
    std::latch done{1};
    ThreadPool pool{1};
    pool.execute([&] { done.count_down(); });
    done.wait();
  });
}
