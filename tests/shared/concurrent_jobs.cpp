// Test cases: the finished pool runs jobs at the same time, step by step.
#include "expect/expect.hpp"
#include "tested_pool.hpp"
#include "threads/every_schedule.hpp"
#include "threads/thread_trouble.hpp"

#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <latch>

using tested::ThreadPool;

TEST_CASE("two jobs run at the same time") {
  support::under_every_schedule([] {
    std::array<std::atomic<int>, 2> runs{};
    std::latch both{2};
    ThreadPool pool{2};
    for (auto& each : runs) {
      support::until_others_sleep();  // at first both workers; then one of them, and the job that waits for the other
      support::expect("workers that wait, or run a job", support::threads_alive()).is(2);
      pool.execute([&each, &both] {
        if (++each == 1) both.arrive_and_wait();
      });
    }
    support::until_others_sleep();
    support::expect("workers that wait, or run a job", support::threads_alive()).is(2);
    support::expect("how often the first job ran", runs[0].load()).is(1);
    support::expect("how often the second job ran", runs[1].load()).is(1);
  });
}
