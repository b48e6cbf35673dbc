// Test cases: a pool that is closed takes no more jobs, and runs those that it has.
#include "expect/expect.hpp"
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
#include <thread>
#include <utility>

using support::expect;
using support::under_every_schedule;
using tested::ThreadPool;

namespace {

// What handing in this job ends in.
template <class F>
std::string outcome_of_execute(ThreadPool& pool, F job) {
  try {
    pool.execute(std::move(job));
    return "it takes the job";
  } catch (const std::runtime_error&) {
    return "std::runtime_error";
  } catch (const std::exception& error) {
    return "another exception: " + std::string{error.what()};
  } catch (...) {
    return "an exception that is not a std::exception";
  }
}

template <class F>
bool takes(ThreadPool& pool, F job) {
  return outcome_of_execute(pool, std::move(job)) == "it takes the job";
}

}  // namespace

TEST_CASE("a pool that is closed refuses a job") {
  under_every_schedule([] {
    std::atomic<int> runs = 0;
    std::string outcome;
    {
      ThreadPool pool{1};
      pool.close();
      outcome = outcome_of_execute(pool, [&] { ++runs; });
    }
    expect("execute, when the pool is closed", outcome).is("std::runtime_error");
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

TEST_CASE("close waits for no job") {
  under_every_schedule([] {
    std::latch closed{1};
    ThreadPool pool{1};
    for (int i = 0; i < 2; ++i) pool.execute([&] { closed.wait(); });
    pool.close();
    closed.count_down();
  });
}

TEST_CASE("the workers of a closed pool end when no job is left, whatever each is about to do") {
  under_every_schedule([] {
    std::latch done{1};  // it outlives the worker, which may still be in it when the wait is over
    ThreadPool pool{2};
    pool.execute([&] { done.count_down(); });
    done.wait();
    pool.close();
    support::until_others_sleep();
    expect("workers of a closed pool that has no job left", support::threads_alive()).is(0);
  });
}

TEST_CASE("a job that comes while another thread closes the pool runs, or is refused") {
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

TEST_CASE("a pool may be closed again, and by two threads at the same time") {
  under_every_schedule([] {
    std::atomic<int> runs = 0;
    {
      ThreadPool pool{1};
      pool.execute([&] { ++runs; });
      const std::jthread closes{[&] { pool.close(); }};
      pool.close();
    }
    expect("how often the job ran", runs.load()).is(1);
  });
}

TEST_CASE("a job may close the pool that runs it") {
  under_every_schedule([] {
    std::atomic<int> runs = 0;
    int taken = 0;
    {
      ThreadPool pool{2};  // one of the two may have been joined when the job closes it
      pool.execute([&] { pool.close(); });
      if (takes(pool, [&] { ++runs; })) ++taken;
    }
    expect("jobs that ran, of those that the pool took", runs.load()).is(taken);
  });
}

TEST_CASE("a job that another one hands in while the pool ends runs, or is refused") {
  under_every_schedule([] {
    std::atomic<int> runs = 0;
    int taken = 0;
    {
      ThreadPool pool{2};
      pool.execute([&] {
        if (takes(pool, [&] { ++runs; })) ++taken;
      });
    }
    expect("jobs that ran, of those that the pool took", runs.load()).is(taken);
  });
}

TEST_CASE("what a refused job holds may use the pool when it is destroyed") {
  under_every_schedule([] {
    struct LastWish {
      ThreadPool& pool;
      ~LastWish() { pool.close(); }
    };
    ThreadPool pool{1};
    pool.close();
    takes(pool, [wish = std::unique_ptr<LastWish>{new LastWish{pool}}] {});
  });
}
