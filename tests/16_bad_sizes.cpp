#include "expect.hpp"
#include "thread_pool.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

using support::expect;

namespace {

std::string making(auto size) {
  try {
    const ThreadPool pool(size);
    return "a pool";
  } catch (const std::invalid_argument&) {
    return "std::invalid_argument";
  } catch (const std::exception& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("a pool of no threads is refused") {
  expect("ThreadPool(0)", making(0)).is("std::invalid_argument");
}
