// Test cases: a TaskPool runs the parts of computations, in whatever thread, and whoever waits for them works.
#include "expect/expect.hpp"
#include "tested_task_pool.hpp"
#include "threads/every_schedule.hpp"
#include "threads/thread_trouble.hpp"

#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <latch>
#include <stdexcept>
#include <string>
#include <thread>

using support::expect;
using support::under_every_schedule;
using support::until_others_sleep;
using tested::Part;
using tested::TaskPool;

namespace {

// What invoke throws, in words.
std::string outcome_of(TaskPool& pool, Part left, Part right) {
  try {
    pool.invoke(left, right);
    return "nothing";
  } catch (const std::runtime_error& error) {
    return "std::runtime_error: " + std::string{error.what()};
  } catch (const std::exception& error) {
    return error.what();
  } catch (int number) {
    return "an int: " + std::to_string(number);
  }
}

}  // namespace

TEST_CASE("both functions have run once when invoke returns") {
  for (const std::size_t workers : {0, 1, 2}) {
    under_every_schedule([workers] {
      std::array<std::atomic<int>, 2> ended{};
      TaskPool pool{workers};
      pool.invoke([&] { ++ended[0]; }, [&] { ++ended[1]; });
      expect("how often the left function has run to its end", ended[0].load()).is(1);
      expect("how often the right function has run to its end", ended[1].load()).is(1);
    });
  }
}

TEST_CASE("without workers, the caller runs both functions and their parts") {
  under_every_schedule([] {
    const std::thread::id caller = std::this_thread::get_id();
    std::atomic<int> elsewhere = 0;
    std::atomic<int> runs = 0;
    TaskPool pool{0};
    const auto leaf = [&] {
      ++runs;
      if (std::this_thread::get_id() != caller) ++elsewhere;
    };
    const auto half = [&] { pool.invoke(leaf, leaf); };
    pool.invoke(half, half);
    expect("leaves that ran, of a tree with four", runs.load()).is(4);
    expect("leaves that another thread ran", elsewhere.load()).is(0);
  });
}

TEST_CASE("the two functions may run at the same time") {
  for (const std::size_t workers : {1, 2}) {
    under_every_schedule([workers] {
      std::latch both{2};
      TaskPool pool{workers};
      const auto meet = [&] { both.arrive_and_wait(); };
      pool.invoke(meet, meet);
    });
  }
}

TEST_CASE("an idle worker is woken for a function that can be run") {
  under_every_schedule([] {
    std::latch both{2};
    TaskPool pool{1};
    const auto meet = [&] { both.arrive_and_wait(); };
    until_others_sleep();
    pool.invoke(meet, meet);
  });
}

// The first three leaves wait for each other, which takes three threads: the caller, and both workers.
TEST_CASE("while functions are left, neither workers nor those that wait in invoke sleep") {
  under_every_schedule([] {
    std::atomic<int> begun = 0;
    std::latch three{3};
    TaskPool pool{2};
    const auto leaf = [&] {
      if (++begun <= 3) three.arrive_and_wait();
    };
    const auto half = [&] { pool.invoke(leaf, leaf); };
    pool.invoke(half, half);
    expect("leaves that ran, of a tree with four", begun.load()).is(4);
  });
}

// One thread runs the function that forks. The other one waits for it in invoke, or has nothing to do as a worker.
TEST_CASE("a thread that sleeps, in invoke or as a worker, is woken for a function that comes") {
  for (const bool on_the_right : {true, false}) {
    under_every_schedule([on_the_right] {
      std::latch both{2};
      TaskPool pool{1};
      const auto meet = [&] { both.arrive_and_wait(); };
      const auto forks = [&] {
        until_others_sleep();
        pool.invoke(meet, meet);
      };
      const auto ends = [] {};
      if (on_the_right) {
        pool.invoke(ends, forks);
      } else {
        pool.invoke(forks, ends);
      }
    });
  }
}

TEST_CASE("several threads may call invoke at the same time") {
  for (const std::size_t workers : {0, 1}) {
    under_every_schedule([workers] {
      std::atomic<int> runs = 0;
      TaskPool pool{workers};
      const auto leaf = [&] { ++runs; };
      {
        const std::jthread other{[&] { pool.invoke(leaf, leaf); }};
        pool.invoke(leaf, leaf);
      }
      expect("functions that ran, of four", runs.load()).is(4);
    });
  }
}

TEST_CASE("what a function throws arrives when the other one has ended, too") {
  for (const bool from_left : {true, false}) {
    under_every_schedule([from_left] {
      std::atomic<int> ended = 0;
      TaskPool pool{1};
      const auto throws = [] { throw std::runtime_error{"no more colours"}; };
      const auto ends = [&] { ++ended; };
      const std::string outcome = from_left ? outcome_of(pool, throws, ends) : outcome_of(pool, ends, throws);
      expect("whether the other function has ended when invoke throws", ended.load() == 1).is(true);
      expect("what invoke throws", outcome).is("std::runtime_error: no more colours");
    });
  }
}

TEST_CASE("when both functions throw, invoke throws what the left one has thrown") {
  under_every_schedule([] {
    TaskPool pool{1};
    expect("what invoke throws", outcome_of(
                                     pool, [] { throw 1; }, [] { throw 2; }))
        .is("an int: 1");
    expect("what the next invoke throws", outcome_of(
                                              pool, [] {}, [] {}))
        .is("nothing");
  });
}

TEST_CASE("what is thrown in a part of a part arrives at the outermost invoke") {
  under_every_schedule([] {
    TaskPool pool{1};
    const auto inner = [&] { pool.invoke([] {}, [] { throw 7; }); };
    expect("what invoke throws", outcome_of(pool, inner, [] {})).is("an int: 7");
  });
}

TEST_CASE("threads that have nothing to do sleep") {
  for (const std::size_t workers : {1, 2}) {
    under_every_schedule([workers] {
      TaskPool pool{workers};
      until_others_sleep();
      expect("workers that wait", support::threads_alive()).is(workers);
    });
  }
}

// One thread waits in the left function, one in the right one; a third has nothing to do.
TEST_CASE("while the last function runs, everybody else sleeps") {
  for (const std::size_t workers : {1, 2}) {
    under_every_schedule([workers] {
      TaskPool pool{workers};
      pool.invoke([] {}, [] { until_others_sleep(); });
      pool.invoke([] { until_others_sleep(); }, [] {});
    });
  }
}

TEST_CASE("a pool that ends waits for its workers, wherever they are") {
  for (const int calls : {0, 1}) {
    under_every_schedule([calls] {
      TaskPool pool{2};
      for (int i = 0; i < calls; ++i) pool.invoke([] {}, [] {});
    });
  }
}
