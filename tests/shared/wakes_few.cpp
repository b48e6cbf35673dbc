// Test cases: a pool calls a worker when a job waits for one that sleeps, and not more often.
#include "expect/expect.hpp"
#include "tested_pool.hpp"
#include "threads/every_schedule.hpp"
#include "threads/wake_ups.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <latch>

using support::count_calls_to_wake;
using support::count_sleeps;
using support::count_sleeps_at_condition;
using support::expect;
using support::under_every_schedule;
using support::until_others_sleep;
using tested::ThreadPool;
using tested::Work;

// A pool that calls when its queue was empty may do so once.
TEST_CASE("while all workers are busy, 1,000 jobs that are handed over at once call nobody") {
  constexpr int many = 1000;
  constexpr int workers = 2;
  std::latch busy{workers};
  std::latch leave{1};
  std::atomic<int> runs = 0;
  int calls = 0;
  {
    ThreadPool pool{workers};
    for (int i = 0; i < workers; ++i) {
      pool.execute([&] {
        busy.count_down();
        leave.wait();
      });
    }
    busy.wait();
    until_others_sleep();
    const int before = count_calls_to_wake();
    for (int i = 0; i < many; ++i) pool.execute([&] { ++runs; });
    calls = count_calls_to_wake() - before;
    leave.count_down();
  }
  expect("calls to wake a worker, while 1,000 jobs come and no worker sleeps", calls).is_at_most(1);
  expect("of 1,000 jobs, those that ran", runs.load()).is(many);
}

TEST_CASE("no worker is called more often than it sleeps") {
  under_every_schedule([] {
    constexpr int jobs = 6;
    std::atomic<int> runs = 0;
    const int sleeps_before = count_sleeps();
    const int calls_before = count_calls_to_wake();
    ThreadPool pool{2};
    until_others_sleep();
    for (int i = 0; i < jobs; ++i) pool.execute([&] { ++runs; });
    until_others_sleep();
    const int sleeps = count_sleeps() - sleeps_before;
    expect("calls to wake a worker, beyond one for each time that one has slept",
           count_calls_to_wake() - calls_before - sleeps)
        .is_at_most(0);
    expect("of 6 jobs, those that ran before the pool ends", runs.load()).is(jobs);
  });
}

// Each that wakes up sleeps again. Semaphores of GCC's library wake all that wait, so those at one are not counted.
TEST_CASE("one job wakes one worker, and not all of them") {
  constexpr int workers = 4;
  std::atomic<int> runs = 0;
  ThreadPool pool{workers};
  until_others_sleep();
  const int before = count_sleeps_at_condition();
  pool.execute([&] { ++runs; });
  until_others_sleep();
  expect("times that one of 4 workers woke up for one job", count_sleeps_at_condition() - before).is_at_most(1);
  expect("how often the job ran", runs.load()).is(1);
}

TEST_CASE("jobs that came while its worker was busy do not keep a pool from waking it for the next") {
  under_every_schedule([] {
    std::latch busy{1};
    std::latch leave{1};
    std::latch last{1};
    ThreadPool pool{1};
    until_others_sleep();
    pool.execute([&] {
      busy.count_down();
      leave.wait();
    });
    busy.wait();
    pool.execute([] {});
    leave.count_down();
    until_others_sleep();
    pool.execute([&] { last.count_down(); });
    last.wait();
  });
}

// In what follows, main waits until all is done: the end of a pool would wake those that sleep.
TEST_CASE("as many workers wake up as there are jobs for them, though they are handed over at once") {
  constexpr int workers = 8;
  std::latch all{workers + 1};
  ThreadPool pool{workers};
  until_others_sleep();
  for (int i = 0; i < workers; ++i) pool.execute([&] { all.arrive_and_wait(); });
  all.arrive_and_wait();
}

// The first of the three is slow: it waits for the others.
TEST_CASE("no job waits behind a slow one, even if they were handed over at once") {
  under_every_schedule([] {
    std::latch others{2};
    ThreadPool pool{2};
    until_others_sleep();
    pool.execute([&] { others.wait(); });
    for (int i = 0; i < 2; ++i) pool.execute([&] { others.count_down(); });
    others.wait();
  });
}

TEST_CASE("no job waits behind a slow one when a worker that was busy is free") {
  under_every_schedule([] {
    std::latch busy{1};
    std::latch leave{1};
    std::latch other{1};
    ThreadPool pool{2};
    pool.execute([&] {
      busy.count_down();
      leave.wait();
    });
    busy.wait();
    pool.execute([&] { other.wait(); });
    pool.execute([&] { other.count_down(); });
    until_others_sleep();
    leave.count_down();
    other.wait();
  });
}

TEST_CASE("a job that has not begun waits, and counts for the limit, even if a worker has taken it along") {
  under_every_schedule([] {
    std::latch busy{1};
    std::latch leave{1};
    std::latch begun{1};
    std::latch leave_second{1};
    int taken = 0;
    {
      ThreadPool pool{1, 2};
      pool.execute([&] {
        busy.count_down();
        leave.wait();
      });
      busy.wait();
      pool.execute([&] {
        begun.count_down();
        leave_second.wait();
      });
      pool.execute([] {});
      leave.count_down();
      begun.wait();  // one waits behind it, and 2 may
      for (int i = 0; i < 2; ++i) {
        Work job{[] {}};
        if (pool.try_execute(job)) ++taken;
      }
      leave_second.count_down();
      expect("of 2 jobs, those that were taken while one waited", taken).is(1);
    }
  });
}
