// Test cases: how a pool begins and ends, from the stage on in which workers run the jobs. The tests of a stage run in
// the order of their files' names: the later files of this folder count on what the earlier ones show.
#include "expect/expect.hpp"
#include "tested_pool.hpp"
#include "threads/every_schedule.hpp"
#include "threads/thread_trouble.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <cstddef>
#include <string>
#include <thread>
#include <vector>

using support::under_every_schedule;
using tested::outcome_of_making;
using tested::ThreadPool;

TEST_CASE("no worker outlives its pool") {
  under_every_schedule([] {
    {
      ThreadPool pool{2};
      pool.execute([] {});
    }
    support::expect("workers after the pool's end", support::threads_alive()).is(0);
  });
}

TEST_CASE("a pool starts no more workers, however many jobs come") {
  under_every_schedule([] {
    ThreadPool pool{2};
    for (int i = 0; i < 4; ++i) pool.execute([] {});
    support::expect("workers of ThreadPool{2} with 4 jobs", support::threads_not_joined()).is(2);
  });
}

TEST_CASE("jobs that are still queued when the pool ends run first") {
  under_every_schedule([] {
    std::atomic<int> runs = 0;
    {
      ThreadPool pool{2};
      for (int i = 0; i < 3; ++i) pool.execute([&] { ++runs; });
    }
    support::expect("jobs that ran", runs.load()).is(3);
  });
}

TEST_CASE("a job runs in a worker, and never in the caller") {
  under_every_schedule([] {
    std::atomic<int> runs = 0;
    std::atomic<int> in_the_caller = 0;
    {
      ThreadPool pool{1};
      for (int i = 0; i < 2; ++i) {
        pool.execute([&, caller = std::this_thread::get_id()] {
          ++runs;
          if (std::this_thread::get_id() == caller) ++in_the_caller;
        });
      }
    }
    support::expect("of 2 jobs, those that the caller itself ran", in_the_caller.load()).is(0);
    support::expect("of 2 jobs, those that ran", runs.load()).is(2);
  });
}

TEST_CASE("the oldest job runs first") {
  under_every_schedule([] {
    std::vector<int> ran;
    {
      ThreadPool pool{1};
      for (int i = 0; i < 3; ++i) pool.execute([&ran, i] { ran.push_back(i); });
    }
    support::expect("the jobs ran in the order in which they came", ran == std::vector{0, 1, 2}).is(true);
  });
}

TEST_CASE("when a worker cannot be started, the caller gets the error, and no worker is left") {
  for (const int more : {0, 1, 2}) {
    under_every_schedule([more] {
      const support::ThreadsFail fail{more};
      support::expect("ThreadPool{3}, when the system refuses to start another thread after " + std::to_string(more),
                      outcome_of_making(3))
          .is("std::system_error: Resource temporarily unavailable");
    });
  }
}

TEST_CASE("a bad size is refused, and no worker is started for it") {
  const support::ThreadsFail fail{8};  // so that it ends
  support::expect("ThreadPool{0}", outcome_of_making(0)).is("std::invalid_argument");
  support::expect("ThreadPool{max_size + 1}", outcome_of_making(ThreadPool::max_size + 1)).is("std::invalid_argument");
  support::expect("ThreadPool(-1)", outcome_of_making(static_cast<std::size_t>(-1))).is("std::invalid_argument");
}
