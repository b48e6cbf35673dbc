// The pool as its callers know it. What it does with its workers is tested by the test cases in tests/shared:
// meson.build names those of this stage.
#include "expect/expect.hpp"
#include "implement_tested_pool.hpp"
#include "thread_pool.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>

using support::expect;

namespace {

// Whether `ThreadPool{number}` compiles for a number of this type, not known before the program runs.
template <class Number>
constexpr bool is_taken_in_braces = requires(Number number) {
  ThreadPool{number};
};

// Whether `pool.execute(job)` compiles for a job of this type.
template <class F>
constexpr bool is_taken_as_a_job = requires(ThreadPool& pool, F job) {
  pool.execute(std::move(job));
};

int a_function() {
  return 7;
}

// Nobody calls it: it is there for the compiler, which must take each of these jobs.
[[maybe_unused]] void hand_in(ThreadPool& pool) {
  const auto kept_by_the_caller = [] {};
  pool.execute(kept_by_the_caller);
  pool.execute([owned = std::make_unique<int>(7)]() mutable { owned.reset(); });
  pool.execute(a_function);
  pool.execute(&a_function);
}

}  // namespace

TEST_CASE("a pool is made of a size, and never by itself or of a number that may be negative") {
  expect("max_size", ThreadPool::max_size).is(1024);
  expect("void f(ThreadPool); f(4); compiles", std::is_convertible_v<int, ThreadPool>).is(false);
  expect("ThreadPool{n} compiles for a std::size_t n", is_taken_in_braces<std::size_t>).is(true);
  expect("ThreadPool{n} compiles for an int n", is_taken_in_braces<int>).is(false);
}

TEST_CASE("whatever can be called without arguments is a job, and nothing else") {
  struct OwnsWhatItNeeds {
    std::unique_ptr<int> number;
    void operator()() {}
  };
  expect("execute takes what cannot be copied", is_taken_as_a_job<OwnsWhatItNeeds>).is(true);
  expect("execute takes a function", is_taken_as_a_job<int (*)()>).is(true);
  expect("execute takes a number", is_taken_as_a_job<int>).is(false);
  expect("execute takes what needs an argument", is_taken_as_a_job<void (*)(int)>).is(false);
}
