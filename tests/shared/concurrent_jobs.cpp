// Test cases: the finished pool runs jobs at the same time, step by step.
#include "expect/expect.hpp"
#include "tested_pool.hpp"
#include "threads/thread_trouble.hpp"

#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <latch>

using tested::ThreadPool;

// A job that runs again only waits: what its worker would do to the queue next is left to chance.
static void the_same_job_again(std::latch& both) {
  both.wait();
}

TEST_CASE("two jobs run at the same time") {
  const support::UnluckyMoments unlucky;
  std::array<std::atomic<int>, 2> runs{};
  std::latch both{2};
  ThreadPool pool{2};
  for (auto& each : runs) {
    support::wait_until_others_sleep();  // at first both workers; then one of them, and the job that waits for the
                                         // other
    pool.execute([&each, &both] {
      if (++each > 1) the_same_job_again(both);
      both.arrive_and_wait();
    });
  }
  // A worker that notifies, which does no harm, may not have come to its job by now.
  support::expect("how often the first job ran", [&] { return runs[0].load(); }).becomes(1);
  support::expect("how often the second job ran", [&] { return runs[1].load(); }).becomes(1);
  support::wait_until_others_sleep();
  support::expect("how often the first job ran", runs[0].load()).is(1);
  support::expect("how often the second job ran", runs[1].load()).is(1);
}
