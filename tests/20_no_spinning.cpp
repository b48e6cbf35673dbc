#include "expect.hpp"
#include "process_facts.hpp"
#include "thread_pool.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

using support::expect;

TEST_CASE("workers that have nothing to do sleep") {
  const ThreadPool pool{4};
  const auto before = support::cpu_milliseconds(getpid());
  const auto asleep = [] { return support::count_threads(getpid()); };
  (void)before;
  (void)asleep;
}
