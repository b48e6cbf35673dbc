// Test cases: a pool runs every job once, and as many at a time as it has workers.
#include "expect/expect.hpp"
#include "tested_pool.hpp"
#include "threads/every_schedule.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <latch>
#include <memory>
#include <vector>

using support::under_every_schedule;
using tested::ThreadPool;

TEST_CASE("a job that comes just before the pool ends is run, whatever the worker has looked at before") {
  under_every_schedule([] {
    std::atomic<bool> ran = false;
    std::latch first{1};
    {
      ThreadPool pool{1};
      pool.execute([&] { first.count_down(); });
      first.wait();  // from here on the worker looks for the next job
      pool.execute([&] { ran = true; });
    }
    support::expect("the job ran", ran.load()).is(true);
  });
}

TEST_CASE("every job runs once") {
  constexpr int count = 3000;
  std::vector<std::atomic<int>> runs(count);
  {
    ThreadPool pool{4};
    for (auto& each : runs) pool.execute([&each] { ++each; });
  }
  const auto run_once = std::count_if(runs.begin(), runs.end(), [](const auto& each) { return each == 1; });
  support::expect("of 3000 jobs, those that ran once", run_once).is(count);
}

TEST_CASE("a pool has as many workers as it was asked for") {
  support::expect("ThreadPool{16}", tested::outcome_of_making(16)).is("a pool of 16");
}

TEST_CASE("as many jobs run at a time as there are workers, and each of them once") {
  under_every_schedule([] {
    std::array<std::atomic<int>, 2> runs{};
    std::latch all_run{2};
    {
      ThreadPool pool{2};
      for (auto& each : runs) {
        pool.execute([&each, &all_run] {
          ++each;
          all_run.arrive_and_wait();
        });
      }
    }
    for (const auto& each : runs) support::expect("how often each of two jobs ran", each.load()).is(1);
  });
}

TEST_CASE("one job is taken by one of many workers") {
  under_every_schedule([] {
    std::atomic<int> runs = 0;
    {
      ThreadPool pool{2};
      pool.execute([&runs] { ++runs; });
    }
    support::expect("how often the job ran", runs.load()).is(1);
  });
}

TEST_CASE("a job does not wait for the one before it") {
  under_every_schedule([] {
    std::latch others{4};
    ThreadPool pool{2};
    pool.execute([&] { others.wait(); });
    for (int i = 0; i < 4; ++i) pool.execute([&] { others.count_down(); });
  });
}

TEST_CASE("what a job holds is gone when it has run") {
  const auto held = std::make_shared<int>(7);
  ThreadPool pool{1};
  pool.execute([held] {});
  support::expect("who holds it", [&] { return static_cast<int>(held.use_count()); }).becomes(1);
}

TEST_CASE("what a job holds may hand in another when it is destroyed") {
  under_every_schedule([] {
    struct LastWish {
      ThreadPool& pool;
      std::latch& done;
      ~LastWish() {
        pool.execute([&last = done] { last.count_down(); });
      }
    };
    std::latch done{1};
    ThreadPool pool{1};
    pool.execute([wish = std::unique_ptr<LastWish>{new LastWish{pool, done}}] {});
    done.wait();
  });
}

TEST_CASE("the end of one pool is not the end of another") {
  under_every_schedule([] {
    std::atomic<int> runs = 0;
    {
      ThreadPool lives_on{1};
      { ThreadPool ends{1}; }
      lives_on.execute([&] { ++runs; });
    }
    support::expect("of one job in the pool that lives on, those that ran", runs.load()).is(1);
  });
}

TEST_CASE("a job may hand in another") {
  under_every_schedule([] {
    std::latch done{1};
    ThreadPool pool{1};
    pool.execute([&] { pool.execute([&] { done.count_down(); }); });
    done.wait();
  });
}
