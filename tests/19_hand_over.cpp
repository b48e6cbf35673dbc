// More test cases: begins_and_ends.cpp, runs_jobs.cpp and serves_clients.cpp of tests/shared, in this order, after the
// one here.
#include "implement_tested_pool.hpp"
#include "thread_pool.hpp"
#include "thread_trouble.hpp"

#include <doctest/doctest.h>

#include <latch>

TEST_CASE("a worker takes the job that the caller hands over") {
  std::latch done{1};
  support::ThreadsHeldBack workers;  // a race is reported the same each time if the worker comes second
  ThreadPool pool{1};
  pool.execute([&] { done.count_down(); });
  workers.let_go();
  done.wait();
}
