// Test cases: what a function that is submitted returns or throws arrives at its future.
#include "expect/expect.hpp"
#include "submits.hpp"
#include "system/captured_stderr.hpp"
#include "tested_pool.hpp"
#include "threads/every_schedule.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <exception>
#include <future>
#include <latch>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

using support::expect;
using support::under_every_schedule;
using tested::submit;
using tested::ThreadPool;

namespace {

// What waits in the future, in words. It is shared so that this thread holds what was thrown until it has read it: a
// sanitizer does not see that the standard library counts who holds an exception.
std::string outcome_of(std::future<int> future) {
  const std::shared_future<int> outcome = future.share();
  try {
    return "the number " + std::to_string(outcome.get());
  } catch (const std::runtime_error& error) {
    return "std::runtime_error: " + std::string{error.what()};
  } catch (const std::exception& error) {
    return error.what();
  } catch (int number) {
    return "an int: " + std::to_string(number);
  }
}

// Whether the pool takes this function; if it does, waits for its result.
bool takes(ThreadPool& pool, int result) {
  std::future<int> future;
  try {
    future = submit<int>(pool, [result] { return result; });
  } catch (const std::runtime_error&) {
    return false;
  }
  expect("the result of a function that the pool has taken", outcome_of(std::move(future)))
      .is("the number " + std::to_string(result));
  return true;
}

}  // namespace

TEST_CASE("a function that is submitted runs in a worker") {
  under_every_schedule([] {
    std::thread::id worker;
    std::latch known{1};
    ThreadPool pool{1};
    pool.execute([&] {
      worker = std::this_thread::get_id();
      known.count_down();
    });
    known.wait();
    const bool in_worker = submit<int>(pool, [&] { return std::this_thread::get_id() == worker ? 1 : 0; }).get() == 1;
    expect("whether it ran in the one worker of ThreadPool{1}", in_worker).is(true);
  });
}

TEST_CASE("submit waits for nothing: two functions may need each other") {
  under_every_schedule([] {
    std::latch both{2};
    ThreadPool pool{2};
    const auto meet = [&] {
      both.arrive_and_wait();
      return 1;
    };
    std::future<int> one = submit<int>(pool, meet);
    std::future<int> other = submit<int>(pool, meet);
    expect("both results together", one.get() + other.get()).is(2);
  });
}

TEST_CASE("what a function throws arrives at get, and is not reported on stderr") {
  under_every_schedule([] {
    const support::CapturedStderr captured;
    std::string outcome;
    {
      ThreadPool pool{1};
      outcome = outcome_of(submit<int>(pool, []() -> int { throw std::runtime_error{"the page is missing"}; }));
    }
    expect("what arrives", outcome).is("std::runtime_error: the page is missing");
    expect("stderr", captured.text()).does_not_contain("the page is missing");
  });
}

TEST_CASE("what arrives at get need not be a std::exception") {
  under_every_schedule([] {
    const support::CapturedStderr captured;
    ThreadPool pool{1};
    expect("what arrives of `throw 7`", outcome_of(submit<int>(pool, []() -> int { throw 7; }))).is("an int: 7");
  });
}

TEST_CASE("a result may be of any type: a string, nothing, a reference, or what cannot be copied") {
  under_every_schedule([] {
    int number = 7;
    ThreadPool pool{1};
    expect("a string", submit<std::string>(pool, [] { return std::string{"forty-two"}; }).get()).is("forty-two");
    expect("a unique_ptr", *submit<std::unique_ptr<int>>(pool, [] { return std::make_unique<int>(42); }).get()).is(42);
    int& reference = submit<int&>(pool, [&]() -> int& { return number; }).get();
    expect("whether a reference is to the same object", &reference == &number).is(true);
    submit<void>(pool, [&] { number = 8; }).get();
    expect("what a function without a result has done", number).is(8);
  });
}

TEST_CASE("a future may be destroyed before its function has ended: it does not wait, and the function runs") {
  under_every_schedule([] {
    std::atomic<int> runs = 0;
    std::latch gone{1};
    {
      ThreadPool pool{1};
      submit<int>(pool, [&] {
        gone.wait();
        return ++runs;
      });
      gone.count_down();
    }
    expect("how often it ran", runs.load()).is(1);
  });
}

TEST_CASE("results may be taken in any order, and when their pool is gone") {
  under_every_schedule([] {
    std::future<int> first;
    std::future<int> second;
    {
      ThreadPool pool{1};
      first = submit<int>(pool, [] { return 1; });
      second = submit<int>(pool, [] { return 2; });
    }
    expect("the second result", second.get()).is(2);
    expect("the first result", first.get()).is(1);
  });
}

TEST_CASE("a pool that is closed refuses a function by std::runtime_error") {
  under_every_schedule([] {
    ThreadPool pool{1};
    pool.close();
    bool refuses = false;
    try {
      submit<int>(pool, [] { return 1; });
    } catch (const std::runtime_error&) {
      refuses = true;
    }
    expect("whether submit throws std::runtime_error", refuses).is(true);
  });
}

TEST_CASE("a function that comes while the pool is being closed has a result, or is refused") {
  under_every_schedule([] {
    ThreadPool pool{1};
    const std::jthread closes{[&] { pool.close(); }};
    takes(pool, 7);
  });
}

TEST_CASE("two threads may submit at the same time") {
  under_every_schedule([] {
    ThreadPool pool{1};
    std::atomic<int> taken = 0;
    {
      const std::jthread other{[&] { taken += submit<int>(pool, [] { return 1; }).get(); }};
      taken += submit<int>(pool, [] { return 1; }).get();
    }
    expect("results that arrived", taken.load()).is(2);
  });
}

TEST_CASE("what a function holds is gone when its pool and its future are") {
  under_every_schedule([] {
    const auto held = std::make_shared<int>(7);
    {
      ThreadPool pool{1};
      submit<int>(pool, [held] { return *held; }).get();
    }
    expect("who holds it: the test alone", held.use_count()).is(1);
  });
}
