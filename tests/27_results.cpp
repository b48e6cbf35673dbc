// The other test cases are in tests/shared: meson.build names those of this stage.
#include "expect/expect.hpp"
#include "implement_results.hpp"
#include "thread_pool.hpp"
#include "threads/every_schedule.hpp"

#include <doctest/doctest.h>

#include <future>

TEST_CASE("a function that is submitted gives its result") {
  support::under_every_schedule([] {
    ThreadPool pool{1};
    std::future<int> answer = pool.submit([] { return 6 * 7; });
    support::expect("the result", answer.get()).is(42);
  });
}
