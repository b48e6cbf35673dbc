#include "expect/expect.hpp"
#include "server/page_clients.hpp"
#include "server/server.hpp"
#include "thread_pool.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <limits>
#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

using support::expect;
using support::expect_served;
using support::Place;
using support::Server;

namespace {

// What comes of a constructor; compared and shown in these words.
struct Result {
  const char* words;
  friend bool operator==(const Result&, const Result&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Result& result) { return out << result.words; }
};
constexpr Result a_pool{"a pool"};
constexpr Result invalid_argument{"std::invalid_argument is thrown"};
constexpr Result no_reason{"std::invalid_argument is thrown, with an empty what()"};
constexpr Result a_pointer{"a pointer to an exception is thrown"};
constexpr Result something_else{"something else is thrown"};

// What comes of ThreadPool(size).
Result result_of(auto size) {
  try {
    const ThreadPool pool(size);
    return a_pool;
  } catch (const std::invalid_argument& error) {
    return std::string_view{error.what()}.empty() ? no_reason : invalid_argument;
  } catch (const std::exception* error) {
    delete error;
    return a_pointer;
  } catch (...) {
    return something_else;
  }
}

void is_refused(const std::string& what, auto size, Place place = Place::here()) {
  expect(what, result_of(size), place).is(invalid_argument);
}

// Whether `ThreadPool{number}` compiles for a number of this type, not known before the program runs.
template <class Number>
constexpr bool is_taken_in_braces = requires(Number number) {
  ThreadPool{number};
};

}  // namespace

TEST_CASE("a pool of no threads is refused") {
  is_refused("ThreadPool(0)", 0);
}

TEST_CASE("a negative size is refused") {
  is_refused("ThreadPool(-1)", -1);
  is_refused("ThreadPool(-4)", -4);
  is_refused("ThreadPool(the least int)", std::numeric_limits<int>::min());
}

TEST_CASE("the sizes from 1 to max_size are fine") {
  for (const std::size_t size : {std::size_t{1}, std::size_t{2}, ThreadPool::max_size - 1, ThreadPool::max_size}) {
    expect("ThreadPool(" + std::to_string(size) + ")", result_of(size)).is(a_pool);
  }
}

TEST_CASE("a size above max_size is refused") {
  is_refused("ThreadPool(max_size + 1)", ThreadPool::max_size + 1);
  is_refused("ThreadPool(a million)", 1'000'000);
}

TEST_CASE("a size that no int can hold is refused too") {
  is_refused("ThreadPool(2^32 + 4)", (std::uint64_t{1} << 32) + 4);
  is_refused("ThreadPool(2^64 - 1)", std::numeric_limits<std::uint64_t>::max());
}

TEST_CASE("a number does not become a pool by itself") {
  expect("void f(ThreadPool); f(4); compiles", std::is_convertible_v<int, ThreadPool>).is(false);
  expect("void f(ThreadPool); f(n); compiles, for a std::size_t n", std::is_convertible_v<std::size_t, ThreadPool>)
      .is(false);
}

TEST_CASE("braces leave no room for a number that may be negative") {
  expect("ThreadPool{n} compiles for a std::size_t n", is_taken_in_braces<std::size_t>).is(true);
  expect("ThreadPool{n} compiles for an int n", is_taken_in_braces<int>).is(false);
}

TEST_CASE("the server answers with its pool of four") {
  Server server{{.folder = "tests/site"}};
  expect_served(server, "the answer");
}
