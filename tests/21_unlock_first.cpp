#include "expect.hpp"
#include "thread_pool.hpp"

#include <doctest/doctest.h>

#include <latch>

using support::expect;

TEST_CASE("two jobs run at the same time") {
  std::latch both{2};
  ThreadPool pool{2};
  for (int i = 0; i < 2; ++i) pool.execute([&] { both.arrive_and_wait(); });
}
