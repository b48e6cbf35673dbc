// Test case: the first job that a pool's worker takes. It runs before all others, in the order of the files' names.
#include "tested_pool.hpp"
#include "threads/thread_trouble.hpp"

#include <doctest/doctest.h>

#include <latch>

using tested::ThreadPool;

TEST_CASE("a worker takes the job that the caller hands over") {
  std::latch done{1};
  support::ThreadsHeldBack workers;  // a race is reported the same each time if the worker comes second
  ThreadPool pool{1};
  pool.execute([&] { done.count_down(); });
  workers.let_go();
  done.wait();
}
