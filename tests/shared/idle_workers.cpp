// Test cases: workers that have nothing to do sleep, and wake up whenever there is something to do.
#include "expect/expect.hpp"
#include "tested_pool.hpp"
#include "threads/every_schedule.hpp"
#include "threads/thread_trouble.hpp"

#include <doctest/doctest.h>

#include <latch>

using support::under_every_schedule;
using support::until_others_sleep;
using tested::ThreadPool;

TEST_CASE("a worker that has nothing to do sleeps until it is woken") {
  under_every_schedule([] {
    const ThreadPool pool{2};
    until_others_sleep();
  });
}

TEST_CASE("while the last job of a pool that ends runs, everybody else sleeps") {
  under_every_schedule([] {
    ThreadPool pool{2};
    until_others_sleep();
    pool.execute([] { until_others_sleep(); });
  });
}

TEST_CASE("a pool that ends wakes those who sleep, whether jobs are left or not") {
  for (const int jobs : {0, 1}) {
    under_every_schedule([jobs] {
      ThreadPool pool{2};
      until_others_sleep();
      for (int i = 0; i < jobs; ++i) pool.execute([] {});
    });
  }
}

TEST_CASE("a pool that ends wakes every worker, whatever each is about to do") {
  under_every_schedule([] {
    std::latch done{1};
    ThreadPool pool{1};
    pool.execute([&] { done.count_down(); });
    done.wait();  // the worker is about to look for the next job, or to sleep, or sleeps
  });
}

TEST_CASE("a worker that wakes up and finds no job waits for the next") {
  under_every_schedule([] {
    const ThreadPool pool{2};
    until_others_sleep();
    support::expect("workers that wait", support::threads_alive()).is(2);
  });
}

TEST_CASE("a worker is woken when there is a job, and not before") {
  under_every_schedule([] {
    std::latch first{1};  // they outlive the worker, which may still be in them when the wait is over
    std::latch second{1};
    ThreadPool pool{1};
    for (std::latch* done : {&first, &second}) {
      pool.execute([done] { done->count_down(); });
      done->wait();
    }
  });
}

TEST_CASE("each job that comes wakes a worker") {
  under_every_schedule([] {
    std::latch all_run{3};
    ThreadPool pool{2};
    until_others_sleep();
    for (int i = 0; i < 2; ++i) pool.execute([&] { all_run.arrive_and_wait(); });
    all_run.arrive_and_wait();
  });
}

// The worker is held up between its look and its sleep, and whoever hands in the job before the change that the worker
// looks for: that takes two switches.
TEST_CASE("a worker that was about to sleep is woken when there is a job") {
  constexpr int switches = 2;
  under_every_schedule(
      [] {
        std::latch done{1};
        ThreadPool pool{1};
        pool.execute([&] { done.count_down(); });
        done.wait();
      },
      switches);
}
