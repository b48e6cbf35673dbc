// Test cases: a pool runs every job once, and as many at a time as it has workers.
#include "expect/expect.hpp"
#include "tested_pool.hpp"
#include "threads/thread_trouble.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <latch>
#include <memory>
#include <vector>

using tested::ThreadPool;

TEST_CASE("a job that comes just before the pool ends is run, whatever the worker has looked at before") {
  for (const int looks : {1, 2, 3, 4}) {
    std::atomic<bool> ran = false;
    const support::HeldAfterUnlock worker{looks};
    {
      ThreadPool pool{1};
      worker.wait();  // it has looked at something so often, and goes on when the pool waits for its end
      pool.execute([&] { ran = true; });
    }
    support::expect("the job ran", ran.load()).is(true);
  }
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

TEST_CASE("as many jobs run at a time as there are workers, and each of them once") {
  std::array<std::atomic<int>, 4> runs{};
  std::latch all_run{4};
  {
    ThreadPool pool{4};
    for (auto& each : runs) {
      pool.execute([&each, &all_run] {
        ++each;
        all_run.arrive_and_wait();
      });
    }
  }
  for (const auto& each : runs) support::expect("how often each of four jobs ran", each.load()).is(1);
}

TEST_CASE("one job is taken by one of many workers") {
  const support::UnluckyMoments unlucky;  // who sees a job, and lets go of the lock before taking it, finds it gone
  std::atomic<int> done = 0;
  ThreadPool pool{4};
  for (int i = 0; i < 3; ++i) {
    pool.execute([&done] {
      ++done;
      done.notify_one();
    });
    done.wait(i);
  }
}

TEST_CASE("a job does not wait for the one before it") {
  support::ThreadsHeldBack workers;
  std::latch others{7};
  ThreadPool pool{4};
  pool.execute([&] { others.wait(); });
  for (int i = 0; i < 7; ++i) pool.execute([&] { others.count_down(); });
  workers.let_go();
}

TEST_CASE("what a job holds is gone when it has run") {
  const auto held = std::make_shared<int>(7);
  ThreadPool pool{1};
  pool.execute([held] {});
  support::expect("who holds it", [&] { return static_cast<int>(held.use_count()); }).becomes(1);
}

TEST_CASE("what a job holds may hand in another when it is destroyed") {
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
}

TEST_CASE("the end of one pool is not the end of another") {
  std::atomic<int> runs = 0;
  {
    ThreadPool lives_on{1};
    { ThreadPool ends{1}; }
    lives_on.execute([&] { ++runs; });
  }
  support::expect("of one job in the pool that lives on, those that ran", runs.load()).is(1);
}

TEST_CASE("a job may hand in another") {
  std::latch done{1};
  ThreadPool pool{1};
  pool.execute([&] { pool.execute([&] { done.count_down(); }); });
  done.wait();
}

TEST_CASE("a job that another one hands in while the pool ends runs, too") {
  const support::ThreadsHeldBack workers;  // until the pool waits for them
  std::atomic<int> runs = 0;
  {
    ThreadPool pool{2};
    pool.execute([&] {
      ++runs;
      pool.execute([&] { ++runs; });
    });
  }
  support::expect("jobs that ran", runs.load()).is(2);
}
