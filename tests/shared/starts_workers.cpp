// Test cases: workers start, and are waited for, while jobs still run in the caller.
#include "expect/expect.hpp"
#include "tested_pool.hpp"
#include "threads/every_schedule.hpp"
#include "threads/thread_trouble.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using support::expect;
using support::ThreadsFail;
using support::under_every_schedule;
using tested::outcome_of_making;
using tested::ThreadPool;

TEST_CASE("a pool waits for its workers at its end") {
  under_every_schedule([] { const ThreadPool pool{2}; });
}

TEST_CASE("no worker outlives its pool") {
  under_every_schedule([] {
    {
      const ThreadPool pool{2};
      expect("workers while the pool lives", support::threads_not_joined()).is(2);
    }
    expect("workers after its end", support::threads_alive()).is(0);
  });
}

TEST_CASE("no worker outlives a pool that is left by an exception") {
  under_every_schedule([] {
    try {
      const ThreadPool pool{2};
      throw std::runtime_error{"the server cannot listen"};
    } catch (const std::runtime_error&) {
    }
    expect("workers after its end", support::threads_alive()).is(0);
  });
}

TEST_CASE("when a worker cannot be started, the caller gets the error, and those that were are joined") {
  for (const int more : {0, 1, 2}) {
    under_every_schedule([more] {
      const ThreadsFail fail{more};
      expect("ThreadPool{3}, when the system starts " + std::to_string(more) + " threads and refuses the next",
             outcome_of_making(3))
          .is("std::system_error: Resource temporarily unavailable");
    });
  }
}

TEST_CASE("a pool has as many workers as it was asked for") {
  expect("ThreadPool{1}", outcome_of_making(1)).is("a pool of 1");
  expect("ThreadPool{2}", outcome_of_making(2)).is("a pool of 2");
  expect("ThreadPool{64}", outcome_of_making(64)).is("a pool of 64");
}

TEST_CASE("a bad size is refused, and no worker is started for it") {
  expect("ThreadPool{0}", outcome_of_making(0)).is("std::invalid_argument");
  expect("ThreadPool{max_size + 1}", outcome_of_making(ThreadPool::max_size + 1)).is("std::invalid_argument");
  expect("ThreadPool(-1)", outcome_of_making(static_cast<std::size_t>(-1))).is("std::invalid_argument");
}

TEST_CASE("jobs still run in the caller, each once and in order") {
  std::vector<int> ran;
  bool in_caller = true;
  {
    ThreadPool pool{4};
    for (int i = 0; i < 3; ++i) {
      pool.execute([&ran, &in_caller, i, caller = std::this_thread::get_id()] {
        ran.push_back(i);
        in_caller = in_caller && std::this_thread::get_id() == caller;
      });
    }
    expect("jobs that have run when execute returns", ran.size()).is(3);
  }
  expect("the jobs ran in the caller", in_caller).is(true);
  expect("the jobs ran once each, and in order", ran == std::vector{0, 1, 2}).is(true);
}
