// Test cases: a pool that is closed takes no more jobs, and runs those that it has.
#include "expect/expect.hpp"
#include "tested_pool.hpp"
#include "threads/every_schedule.hpp"
#include "threads/thread_trouble.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <latch>
#include <stdexcept>
#include <thread>
#include <utility>

using support::expect;
using support::under_every_schedule;
using tested::ThreadPool;

namespace {

// Whether the pool takes this job.
template <class F>
bool takes(ThreadPool& pool, F job) {
  try {
    pool.execute(std::move(job));
    return true;
  } catch (const std::runtime_error&) {
    return false;
  }
}

}  // namespace

TEST_CASE("a pool that is closed refuses a job") {
  under_every_schedule([] {
    std::atomic<int> runs = 0;
    {
      ThreadPool pool{1};
      pool.close();
      expect("whether a closed pool takes a job", takes(pool, [&] { ++runs; })).is(false);
    }
    expect("how often the refused job ran", runs.load()).is(0);
  });
}

TEST_CASE("a pool that is closed runs the jobs that it has taken") {
  under_every_schedule([] {
    std::atomic<int> runs = 0;
    {
      ThreadPool pool{1};
      for (int i = 0; i < 2; ++i) pool.execute([&] { ++runs; });
      pool.close();
    }
    expect("of two jobs that came before close, those that ran", runs.load()).is(2);
  });
}

TEST_CASE("a job that comes while the pool is being closed runs, or is refused") {
  under_every_schedule([] {
    std::atomic<int> runs = 0;
    int taken = 0;
    {
      ThreadPool pool{1};
      const std::jthread closes{[&] { pool.close(); }};
      if (takes(pool, [&] { ++runs; })) ++taken;
    }
    expect("jobs that ran, of those that the pool took", runs.load()).is(taken);
  });
}

TEST_CASE("a pool may be closed twice") {
  under_every_schedule([] {
    std::atomic<int> runs = 0;
    {
      ThreadPool pool{2};
      pool.execute([&] { ++runs; });
      pool.close();
      pool.close();
    }
    expect("how often the job ran", runs.load()).is(1);
  });
}

TEST_CASE("a job may close the pool that runs it") {
  under_every_schedule([] {
    std::atomic<int> runs = 0;
    std::latch closed{1};
    {
      ThreadPool pool{1};
      pool.execute([&] {
        pool.close();
        closed.count_down();
      });
      if (takes(pool, [&] { ++runs; })) runs -= 1;
      closed.wait();
    }
    expect("jobs that ran, less those that the pool took", runs.load()).is(0);
  });
}

TEST_CASE("the workers of a closed pool end, and do not wait for its end") {
  under_every_schedule([] {
    ThreadPool pool{2};
    pool.close();
    support::until_others_sleep();
    expect("workers of a closed pool that has nothing to do", support::threads_alive()).is(0);
  });
}
