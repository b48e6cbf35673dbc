#include "expect.hpp"
#include "thread_pool.hpp"

#include <doctest/doctest.h>

using support::expect;

TEST_CASE("a pool waits for its workers at its end") {
  { const ThreadPool pool{4}; }
}
