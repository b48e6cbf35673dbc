#include "expect/expect.hpp"
#include "server/page_clients.hpp"
#include "server/server.hpp"
#include "thread_pool.hpp"
// Once more, as it happens when two headers of a program include it.
#include "thread_pool.hpp"  // NOLINT(readability-duplicate-include)

#include <doctest/doctest.h>

#include <cstddef>
#include <type_traits>

using support::expect;
using support::expect_served;
using support::Server;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmismatched-tags"  // a struct is as good
class ThreadPool;                                   // your own class, not another name for a type that exists
#pragma GCC diagnostic pop

// Whether `ThreadPool{number}` compiles for a number of this type, not known before the program runs.
template <class Number>
constexpr bool is_taken_in_braces = requires(Number number) {
  ThreadPool{number};
};

static_assert(!std::is_aggregate_v<ThreadPool>,
              "ThreadPool needs a constructor of its own, one that takes the number of threads");
static_assert(std::is_constructible_v<ThreadPool, std::size_t>,
              "ThreadPool(size) makes a pool of size threads: the constructor takes one number");
static_assert(is_taken_in_braces<std::size_t>,
              "ThreadPool{size} compiles for every std::size_t: the constructor's parameter holds them all");
static_assert(!is_taken_in_braces<int>,
              "ThreadPool{n} does not compile for an int n, which may be negative: the parameter is a std::size_t");

TEST_CASE("a pool is made, and ends, and does nothing yet") {
  for (const std::size_t size : {1, 4, 64}) {
    CAPTURE(size);
    const ThreadPool pool(size);
  }
}

TEST_CASE("a server with a pool answers as before") {
  Server server{{.folder = "tests/site", .args = {"2"}}};  // it ends after two clients
  for (int i = 0; i < 2; ++i) expect_served(server, "the answer");
  expect("the server's exit status", static_cast<int>(server.wait())).is(0);
}
