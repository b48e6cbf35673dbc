#include "expect/expect.hpp"
#include "server/page_clients.hpp"
#include "server/server.hpp"
#include "thread_pool.hpp"
#include "threads/counted.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <ostream>
#include <stdexcept>
#include <string>
#include <utility>

using support::Counted;
using support::expect;
using support::expect_served;
using support::Server;

namespace {

thread_local bool in_this_thread = false;  // true where a test has said so

// Where a job has run; compared and shown in these words.
struct Place {
  const char* words;
  friend bool operator==(const Place&, const Place&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Place& place) { return out << place.words; }
};
constexpr Place nowhere{"nowhere"};
constexpr Place in_the_caller{"in the caller"};
constexpr Place in_another_thread{"in another thread"};

std::atomic<const Place*> ran = &nowhere;  // outlives a job that is late

int calls_of_a_function = 0;
void a_function() {
  ++calls_of_a_function;
}

}  // namespace

TEST_CASE("a job has run when execute returns") {
  in_this_thread = true;
  ThreadPool pool{4};
  pool.execute([] { ran = in_this_thread ? &in_the_caller : &in_another_thread; });
  expect("where the job has run", *ran.load()).is(in_the_caller);
}

TEST_CASE("each job runs once, and in the order in which they came") {
  ThreadPool pool{4};
  std::string order;
  pool.execute([&] { order += "first "; });
  pool.execute([&] { order += "second "; });
  pool.execute([&] { order += "third "; });
  expect("the jobs that have run", order).is("first second third ");
}

TEST_CASE("two jobs from the same line are two jobs") {
  ThreadPool pool{4};
  std::string order;
  for (const char* name : {"one ", "two "}) pool.execute([&order, name] { order += name; });
  expect("the jobs that have run", order).is("one two ");
}

TEST_CASE("a job has with it what it was given") {
  int there = 0;
  ThreadPool pool{4};
  int result = 0;
  pool.execute([&there, &result, given = Counted{there}, number = 6]() mutable { result = there * ++number; });
  expect("the number that the job was given, and one more", result).is(7);
}

TEST_CASE("what a job holds is gone when the job is done") {
  int held = 0;
  ThreadPool pool{4};
  auto job = [has = Counted{held}] {};
  pool.execute(std::move(job));
  expect("what is left of what the job held", held).is(0);
}

TEST_CASE("functions are jobs too") {
  ThreadPool pool{4};
  calls_of_a_function = 0;
  pool.execute(a_function);
  pool.execute(&a_function);
  pool.execute([] { return ++calls_of_a_function; });
  expect("calls of the function", calls_of_a_function).is(3);
}

TEST_CASE("a job may hand another job to the pool") {
  ThreadPool pool{4};
  std::string order;
  pool.execute([&] {
    pool.execute([&] { order += "inner "; });
    order += "outer ";
  });
  expect("the jobs that have run", order).is("inner outer ");
}

TEST_CASE("what a job throws reaches the caller") {
  ThreadPool pool{4};
  std::string caught = "nothing";
  try {
    pool.execute([] { throw std::runtime_error{"the job's error"}; });
  } catch (const std::runtime_error& error) {
    caught = error.what();
  }
  expect("what the caller has caught", caught).is("the job's error");
}

TEST_CASE("the server answers again") {
  Server server{{.folder = "tests/site", .args = {"2"}}};  // it ends after two clients
  for (int i = 0; i < 2; ++i) expect_served(server, "the answer");
  expect("the server's exit status", static_cast<int>(server.wait())).is(0);
}
