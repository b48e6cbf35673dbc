#include "expect.hpp"
#include "thread_pool.hpp"

#include <doctest/doctest.h>

using support::expect;

TEST_CASE("a job runs") {
  ThreadPool pool{4};
  int runs = 0;
  pool.execute([&] { ++runs; });
  expect("how often the job has run", runs).is(1);
}
