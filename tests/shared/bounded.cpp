// Test cases: a pool with a limit for the jobs that wait refuses what is beyond it, and says so.
#include "expect/expect.hpp"
#include "submits.hpp"
#include "tested_pool.hpp"
#include "threads/every_schedule.hpp"
#include "threads/thread_trouble.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <cstddef>
#include <latch>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

using support::expect;
using support::under_every_schedule;
using tested::ThreadPool;
using tested::Work;

namespace {

// A pool whose one worker is in a job until `go_on` is called, so that each other job waits.
class BusyPool {
 public:
  explicit BusyPool(std::size_t max_waiting) : pool_{1, max_waiting} { occupy(); }
  BusyPool() : pool_{1} { occupy(); }
  ~BusyPool() { go_on(); }
  BusyPool(const BusyPool&) = delete;
  BusyPool& operator=(const BusyPool&) = delete;

  ThreadPool& operator*() { return pool_; }
  ThreadPool* operator->() { return &pool_; }

  void go_on() {
    if (!goes_on_) leave_.count_down();
    goes_on_ = true;
  }

 private:
  void occupy() {
    pool_.execute([this] {
      busy_.count_down();
      leave_.wait();
    });
    busy_.wait();
  }

  bool goes_on_ = false;
  std::latch busy_{1};
  std::latch leave_{1};
  ThreadPool pool_;
};

template <class F>
bool takes(ThreadPool& pool, F function) {
  Work job{std::move(function)};
  return pool.try_execute(job);
}

template <class F>
std::string outcome_of(F call) {
  try {
    call();
    return "no exception";
  } catch (const std::invalid_argument&) {
    return "std::invalid_argument";
  } catch (const std::runtime_error&) {
    return "std::runtime_error";
  } catch (const std::exception& error) {
    return "another exception: " + std::string{error.what()};
  }
}

}  // namespace

TEST_CASE("a function that the pool takes by try_execute runs in a worker, and not in the caller") {
  under_every_schedule([] {
    std::atomic<int> runs = 0;
    std::atomic<bool> in_worker = false;
    int taken = 0;
    {
      ThreadPool pool{1, 1};
      support::until_others_sleep();  // the worker must be woken
      if (takes(pool, [&, caller = std::this_thread::get_id()] {
            ++runs;
            in_worker = std::this_thread::get_id() != caller;
          })) {
        ++taken;
      }
      support::until_others_sleep();
      expect("functions that were taken when the worker had nothing to do", taken).is(1);
      expect("functions that ran before the pool ended", runs.load()).is(1);
      expect("whether it ran in a worker", in_worker.load()).is(true);
    }
    expect("how often it ran", runs.load()).is(1);
  });
}

TEST_CASE("as many jobs wait as may, and no more") {
  under_every_schedule([] {
    std::atomic<int> runs = 0;
    int taken = 0;
    {
      BusyPool pool{2};
      for (int i = 0; i < 4; ++i) {
        if (takes(*pool, [&] { ++runs; })) ++taken;
      }
      expect("of 4 jobs, those that a busy pool took that lets 2 wait", taken).is(2);
    }
    expect("jobs that ran, of the 2 that the pool took", runs.load()).is(2);
  });
}

TEST_CASE("a function that is refused is left as it was") {
  under_every_schedule([] {
    BusyPool pool{1};
    takes(*pool, [] {});
    auto held = std::make_unique<int>(7);
    const int* const address = held.get();
    const int* found = nullptr;
    Work refused{[&found, held = std::move(held)] { found = held.get(); }};
    expect("whether the full pool takes it", pool->try_execute(refused)).is(false);
    expect("whether the refused function still has what it holds", refused.id() != nullptr).is(true);
    refused();
    expect("whether that is what it held before", found == address).is(true);
  });
}

TEST_CASE("when two threads hand in at the same time, no more jobs wait than may") {
  under_every_schedule([] {
    std::atomic<int> taken = 0;
    std::atomic<int> runs = 0;
    {
      BusyPool pool{1};
      const auto hand_in = [&] {
        if (takes(*pool, [&] { ++runs; })) ++taken;
      };
      const std::jthread other{hand_in};
      hand_in();
      support::until_others_sleep();
      expect("of 2 jobs, those that a busy pool took that lets 1 wait", taken.load()).is(1);
    }
    expect("jobs that ran, of the one that the pool took", runs.load()).is(1);
  });
}

TEST_CASE("when a worker has taken a job, another one may wait in its place") {
  under_every_schedule([] {
    std::latch begun{1};
    std::latch leave{1};
    std::atomic<int> runs = 0;
    {
      BusyPool pool{1};
      takes(*pool, [&] {
        begun.count_down();
        leave.wait();
      });
      pool.go_on();
      begun.wait();  // the job that waited runs
      const bool taken = takes(*pool, [&] { ++runs; });
      leave.count_down();
      expect("whether the pool takes a job when none waits", taken).is(true);
    }
    expect("how often that job ran", runs.load()).is(1);
  });
}

TEST_CASE("a full pool refuses by std::runtime_error what comes by execute or submit, and does not run it") {
  under_every_schedule([] {
    std::atomic<int> runs = 0;
    const auto held = std::make_shared<int>(7);
    const auto job = [&runs, held] { ++runs; };
    {
      BusyPool pool{1};
      takes(*pool, [] {});
      expect("execute", outcome_of([&] { pool->execute(Work{job}); })).is("std::runtime_error");
      expect("submit", outcome_of([&] { tested::submit<void>(*pool, job); })).is("std::runtime_error");
      expect("who holds what the two refused jobs held: the test, and its own copy", held.use_count()).is(2);
    }
    expect("how often a refused job ran", runs.load()).is(0);
  });
}

TEST_CASE("a closed pool takes no function, though there is room, and leaves it as it was") {
  under_every_schedule([] {
    std::atomic<int> runs = 0;
    {
      ThreadPool pool{1, 1};
      pool.close();
      Work job{[&] { ++runs; }};
      expect("whether the closed pool takes it", pool.try_execute(job)).is(false);
      expect("whether the refused function still has what it holds", job.id() != nullptr).is(true);
    }
    expect("how often it ran", runs.load()).is(0);
  });
}

TEST_CASE("what a refused job holds may use the pool when it is destroyed, if the pool is full, too") {
  under_every_schedule([] {
    struct LastWish {
      ThreadPool& pool;
      ~LastWish() { pool.close(); }
    };
    BusyPool pool{1};
    takes(*pool, [] {});
    const auto refused = [&] { pool->execute([wish = std::unique_ptr<LastWish>{new LastWish{*pool}}] {}); };
    expect("execute", outcome_of(refused)).is("std::runtime_error");
  });
}

TEST_CASE("without a limit, a pool refuses no job") {
  constexpr int many = 10'000;
  std::atomic<int> runs = 0;
  int taken = 0;
  {
    BusyPool pool;
    for (int i = 0; i < many; ++i) {
      if (takes(*pool, [&] { ++runs; })) ++taken;
    }
  }
  expect("of 10000 jobs, those that a busy pool took", taken).is(many);
  expect("of 10000 jobs, those that ran", runs.load()).is(many);
}

TEST_CASE("a pool in which no job may wait is refused, and no worker is started for it") {
  expect("ThreadPool{1, 0}", outcome_of([] { const ThreadPool pool{1, 0}; })).is("std::invalid_argument");
  expect("workers that are left", support::threads_not_joined()).is(0);
}
