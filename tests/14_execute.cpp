#include "thread_pool.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace {

// Whether execute takes a job of this type from somebody who hands it over.
template <class F>
constexpr bool is_taken = requires(ThreadPool& pool, F job) {
  pool.execute(std::move(job));
};
// Whether it takes one that the caller keeps.
template <class F>
constexpr bool is_taken_as_a_copy = requires(ThreadPool& pool, F& job) {
  pool.execute(job);
};
// Whether it takes one by reference to const.
template <class F, class Pool = ThreadPool>
constexpr bool is_only_looked_at = requires(void (Pool::*taken)(const F&)) {
  taken = &Pool::template execute<F>;
};

const auto plain = [] {};

struct OwnsSomething {
  void operator()() const {}
  std::unique_ptr<int> number;
};
struct ChangesItself {
  void operator()() { ++calls; }
  int calls = 0;
};
struct Greeter {
  void greet() const {}
};
using Bound = decltype(std::bind_front(&Greeter::greet, Greeter{}));

}  // namespace

static_assert(is_taken<OwnsSomething>, "a job may own what cannot be copied, a Socket for one: no copy is needed here");
static_assert(is_taken<ChangesItself>, "a job may change itself when it is called (a mutable lambda does)");
static_assert(!is_only_looked_at<ChangesItself>,
              "a job may change itself when it is called, so execute must not take it by reference to const");
static_assert(is_taken<decltype(plain)>, "a lambda is a job");
static_assert(is_taken_as_a_copy<decltype(plain)>, "a job that can be copied need not be moved: pool.execute(job)");
static_assert(is_taken<void (*)()>, "a function is a job");
static_assert(is_taken<std::function<void()>>, "a std::function is a job");
static_assert(is_taken<Bound>, "a member function with its object is a job");
static_assert(is_taken<int (*)()>, "a job may return something, and nobody looks at it");

static_assert(!is_taken<int>, "a number cannot be called: say what a job must be able to do, with std::invocable");
static_assert(!is_taken<std::string>,
              "a text cannot be called: say what a job must be able to do, with std::invocable");
static_assert(!is_taken<void (*)(int)>, "a pool has no arguments to give, so a job takes none");

TEST_CASE("a pool takes jobs of every kind") {
  ThreadPool pool{4};
  pool.execute(OwnsSomething{std::make_unique<int>(7)});
  pool.execute(ChangesItself{});
  pool.execute(plain);
  pool.execute(+plain);
  pool.execute(std::function<void()>{plain});
  pool.execute(std::bind_front(&Greeter::greet, Greeter{}));
}
