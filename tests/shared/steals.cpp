// Test cases: a TaskPool whose threads have deques of their own, and take from those of others.
#include "expect/expect.hpp"
#include "tested_task_pool.hpp"
#include "threads/every_schedule.hpp"
#include "threads/wake_ups.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <cstddef>
#include <latch>
#include <thread>

using support::count_calls_to_wake;
using support::expect;
using support::under_every_schedule;
using support::until_others_sleep;
using tested::TaskPool;

namespace {

int fibonacci(TaskPool& pool, int n) {
  if (n < 2) return n;
  int one = 0;
  int other = 0;
  pool.invoke([&] { one = fibonacci(pool, n - 1); }, [&] { other = fibonacci(pool, n - 2); });
  return one + other;
}

}  // namespace

TEST_CASE("a worker takes what another worker has forked") {
  under_every_schedule([] {
    std::latch both{2};
    std::latch done{1};
    TaskPool pool{2};
    const auto meet = [&] { both.arrive_and_wait(); };
    const auto forks = [&] {
      pool.invoke(meet, meet);
      done.count_down();
    };
    pool.invoke([&] { done.wait(); }, forks);
  });
}

TEST_CASE("a thread that waits in invoke takes what another one that is no worker has forked") {
  under_every_schedule([] {
    std::latch busy{1};
    std::latch both{2};
    std::latch done{1};
    TaskPool pool{1};
    const auto meet = [&] { both.arrive_and_wait(); };
    const std::jthread other{[&] {
      busy.wait();
      pool.invoke(meet, meet);
      done.count_down();
    }};
    const auto keeps_the_worker_busy = [&] {
      busy.count_down();
      done.wait();
    };
    pool.invoke([&] { busy.wait(); }, keeps_the_worker_busy);
  });
}

// Both workers sleep. Each of the three functions that meet needs a thread.
TEST_CASE("each function that is forked wakes one more thread") {
  under_every_schedule([] {
    std::latch three{3};
    TaskPool pool{2};
    const auto meet = [&] { three.arrive_and_wait(); };
    until_others_sleep();
    pool.invoke([&] { pool.invoke(meet, meet); }, meet);
  });
}

TEST_CASE("functions that are forked while no thread sleeps call nobody") {
  under_every_schedule([] {
    std::latch busy{1};
    std::latch leave{1};
    int calls = 0;
    TaskPool pool{1};
    const auto forks = [&] {
      busy.wait();
      const int before = count_calls_to_wake();
      fibonacci(pool, 5);
      calls = count_calls_to_wake() - before;
      leave.count_down();
    };
    const auto keeps_the_worker_busy = [&] {
      busy.count_down();
      leave.wait();
    };
    until_others_sleep();
    pool.invoke(forks, keeps_the_worker_busy);
    expect("calls to wake a thread, while functions are forked and no thread of the pool sleeps", calls).is(0);
  });
}

// Without turns, as any program runs.
TEST_CASE("a computation of thousands of parts has the right result, again and again") {
  for (const std::size_t workers : {1, 2, 4}) {
    TaskPool pool{workers};
    for (int i = 0; i < 10; ++i) expect("the 14th Fibonacci number", fibonacci(pool, 14)).is(377);
  }
}
