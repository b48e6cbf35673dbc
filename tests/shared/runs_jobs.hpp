// Test cases: a pool runs every job once, and as many at a time as it has workers.
#pragma once

#include "expect.hpp"
#include "thread_pool.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <latch>
#include <vector>

TEST_CASE("every job runs once") {
  constexpr int count = 1000;
  std::vector<std::atomic<int>> runs(count);
  {
    ThreadPool pool{4};
    for (auto& each : runs) pool.execute([&each] { ++each; });
  }
  const auto run_once = std::count_if(runs.begin(), runs.end(), [](const auto& each) { return each == 1; });
  support::expect("of 1000 jobs, those that ran once", run_once).is(count);
}

TEST_CASE("as many jobs run at a time as there are workers, and each of them once") {
  std::array<std::atomic<int>, 4> runs{};
  std::latch all_run{4};
  {
    ThreadPool pool{4};
    for (auto& each : runs) {
      pool.execute([&each, &all_run] {
        ++each;
        all_run.arrive_and_wait();
      });
    }
  }
  for (const auto& each : runs) support::expect("how often each of four jobs ran", each.load()).is(1);
}

TEST_CASE("a job may hand in another") {
  std::latch done{1};
  ThreadPool pool{1};
  pool.execute([&] { pool.execute([&] { done.count_down(); }); });
  done.wait();
}
