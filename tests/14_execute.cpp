#include "thread_pool.hpp"

#include <doctest/doctest.h>

#include <memory>

TEST_CASE("a pool takes a job that cannot be copied") {
  ThreadPool pool{4};
  pool.execute([number = std::make_unique<int>(7)] { (void)*number; });
}
