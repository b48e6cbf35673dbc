// Test cases: a job may throw. Its worker says so on stderr, and runs the next one.
#include "expect/expect.hpp"
#include "system/captured_stderr.hpp"
#include "tested_pool.hpp"
#include "threads/every_schedule.hpp"
#include "threads/thread_trouble.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <exception>
#include <latch>
#include <memory>
#include <stdexcept>
#include <string>

using support::CapturedStderr;
using support::expect;
using support::under_every_schedule;
using tested::ThreadPool;

namespace {

// Whether there is something to read, of whatever wording.
bool says_something(const std::string& text) {
  return text.find_first_not_of(" \n\t") != std::string::npos;
}

}  // namespace

TEST_CASE("when a job has thrown, its worker runs the next one") {
  under_every_schedule([] {
    std::atomic<int> runs = 0;
    {
      const CapturedStderr captured;
      ThreadPool pool{1};
      pool.execute([] { throw std::runtime_error{"the page is missing"}; });
      pool.execute([&] { ++runs; });
    }
    expect("how often the next job ran", runs.load()).is(1);
  });
}

TEST_CASE("what a job throws is reported on stderr") {
  under_every_schedule([] {
    const CapturedStderr captured;
    {
      ThreadPool pool{1};
      pool.execute([] { throw std::runtime_error{"the page is missing"}; });
      pool.execute([] { throw std::out_of_range{"no such line"}; });
    }
    expect("stderr", captured.text()).contains("the page is missing");
    expect("stderr", captured.text()).contains("no such line");
  });
}

TEST_CASE("a job may throw something that is not a std::exception") {
  under_every_schedule([] {
    std::atomic<int> runs = 0;
    const CapturedStderr captured;
    {
      ThreadPool pool{1};
      pool.execute([] { throw 7; });
      pool.execute([&] { ++runs; });
    }
    expect("how often the job ran that came after `throw 7`", runs.load()).is(1);
    expect("whether stderr says something of `throw 7`", says_something(captured.text())).is(true);
  });
}

TEST_CASE("an exception whose what() is empty is reported, too") {
  under_every_schedule([] {
    const CapturedStderr captured;
    {
      ThreadPool pool{1};
      pool.execute([] { throw std::runtime_error{""}; });
    }
    expect("whether stderr says something of a job that failed", says_something(captured.text())).is(true);
  });
}

TEST_CASE("a failure is reported before the worker takes the next job") {
  under_every_schedule([] {
    const CapturedStderr captured;
    std::string reported;
    {
      ThreadPool pool{1};
      pool.execute([] { throw std::runtime_error{"the page is missing"}; });
      pool.execute([&] { reported = captured.text(); });
    }
    expect("stderr when the next job runs", reported).contains("the page is missing");
  });
}

TEST_CASE("a job that has handed in another may throw") {
  under_every_schedule([] {
    const CapturedStderr captured;
    std::latch done{1};
    ThreadPool pool{1};
    pool.execute([&] {
      pool.execute([&] { done.count_down(); });
      throw std::runtime_error{"the page is missing"};
    });
    done.wait();
  });
}

TEST_CASE("after jobs that throw, a pool has the workers that it was made with") {
  under_every_schedule([] {
    const CapturedStderr captured;
    std::latch both{2};
    ThreadPool pool{2};
    for (int i = 0; i < 2; ++i) pool.execute([] { throw std::runtime_error{"the page is missing"}; });
    for (int i = 0; i < 2; ++i) pool.execute([&] { both.arrive_and_wait(); });
    both.wait();
    expect("workers of ThreadPool{2}", support::threads_not_joined()).is(2);
  });
}

TEST_CASE("what a job holds is gone before the next one runs, even if it has thrown") {
  under_every_schedule([] {
    const CapturedStderr captured;
    const auto held = std::make_shared<int>(7);
    std::atomic<long> holders = 0;
    {
      ThreadPool pool{1};
      pool.execute([held] { throw std::runtime_error{"the page is missing"}; });
      pool.execute([&] { holders = held.use_count(); });
    }
    expect("who holds it when the next job runs: the test alone", holders.load()).is(1);
  });
}

TEST_CASE("a job to which the closed pool refuses another one fails, and is reported") {
  under_every_schedule([] {
    const CapturedStderr captured;
    {
      ThreadPool pool{1};
      pool.execute([&] {
        pool.close();
        pool.execute([] {});
      });
    }
    expect("whether stderr says something of the job that failed", says_something(captured.text())).is(true);
  });
}
