#include "expect.hpp"
#include "thread_pool.hpp"

#include <doctest/doctest.h>

#include <thread>

using support::expect;

TEST_CASE("a job runs in a worker, not in the caller") {
  std::thread::id runner;
  {
    ThreadPool pool{1};
    pool.execute([&] { runner = std::this_thread::get_id(); });
  }
  expect("the job ran in the caller", runner == std::this_thread::get_id()).is(false);
}
