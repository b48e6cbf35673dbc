#include "expect.hpp"
#include "job.hpp"
#include "thread_pool.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <utility>

using support::expect;

TEST_CASE("a job that cannot be copied is stored and runs") {
  ThreadPool pool{4};
  int result = 0;
  pool.execute([&result, number = std::make_unique<int>(7)] { result = *number; });
  expect("what the job was given", result).is(7);
}
