#include "expect.hpp"
#include "job.hpp"
#include "page_clients.hpp"
#include "server.hpp"
#include "thread_pool.hpp"

#include <doctest/doctest.h>

#include <array>
#include <memory>
#include <numeric>
#include <queue>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

using support::expect;
using support::expect_served;
using support::Server;

static_assert(std::is_move_constructible_v<Job> && std::is_move_assignable_v<Job>,
              "a Job is moved: into the queue, and out of it");
static_assert(!std::is_constructible_v<Job, int>, "a number cannot be called, so it makes no Job");

namespace {

// Something to hold, and whether it is still there.
struct Held {
  std::shared_ptr<int> thing = std::make_shared<int>(7);
  std::weak_ptr<int> watched = thing;
  bool is_there() const { return !watched.expired(); }
};

// What these tests hand in more than once is of one type: the compiler makes one kind of Job of it, not one for each.
struct Holds {
  std::shared_ptr<int> thing;
  void operator()() const {}
};

struct Appends {
  std::string& text;
  const char* word;
  void operator()() const { text += word; }
};

int calls_of_a_function = 0;
int a_function() {
  return ++calls_of_a_function;
}

}  // namespace

TEST_CASE("a Job runs what it was made from once, when it is called") {
  int calls = 0;
  Job job{[&calls] { ++calls; }};
  expect("calls before the Job is called", calls).is(0);
  job();
  expect("calls after the Job is called", calls).is(1);
}

TEST_CASE("two Jobs from the same line are two Jobs") {
  std::string order;
  std::queue<Job> jobs;
  for (const char* name : {"one ", "two "}) jobs.push(Job{Appends{order, name}});
  for (; !jobs.empty(); jobs.pop()) jobs.front()();
  expect("the Jobs that have run", order).is("one two ");
}

TEST_CASE("Jobs of all types wait in one queue and keep their order") {
  std::string order;
  std::queue<Job> jobs;
  jobs.push(Job{Appends{order, "a reference, "}});
  jobs.push(Job{[&order, number = std::make_unique<int>(2)] { order += std::to_string(*number) + ", "; }});
  jobs.push(Job{[&order, text = std::string{"a text"}]() mutable { order += std::exchange(text, ""); }});
  while (!jobs.empty()) {
    Job job = std::move(jobs.front());
    jobs.pop();
    job();
  }
  expect("the Jobs that have run", order).is("a reference, 2, a text");
}

TEST_CASE("a Job has a callable of its own, not the caller's") {
  std::string result;
  Job job{[] {}};
  {
    const std::string text = "a text that is too long to be kept inside of a std::string";
    const auto callable = [&result, text] { result = text; };
    job = Job{callable};
  }
  job();
  expect("what the Job was given", result).is("a text that is too long to be kept inside of a std::string");
}

TEST_CASE("what a Job holds is gone when the Job is") {
  Held held;
  {
    const Job job{Holds{std::move(held.thing)}};
    expect("what the Job holds is there while it waits", held.is_there()).is(true);
  }
  expect("what the Job held is there after its end", held.is_there()).is(false);
}

TEST_CASE("a Job that is moved takes along what it holds") {
  Held held;
  {
    Job from{Holds{std::move(held.thing)}};
    const Job to{std::move(from)};
    expect("what the Job holds is there after the move", held.is_there()).is(true);
  }
  expect("what the Job held is there after its end", held.is_there()).is(false);
}

TEST_CASE("a Job that is assigned gives up what it held before") {
  Held before;
  Held after;
  Job job{Holds{std::move(before.thing)}};
  job = Job{Holds{std::move(after.thing)}};
  expect("what it held before is there", before.is_there()).is(false);
  expect("what it was assigned is there", after.is_there()).is(true);
}

TEST_CASE("a job may be as big as it likes") {
  std::array<int, 4096> numbers{};
  std::iota(numbers.begin(), numbers.end(), 0);
  int sum = 0;
  Job job{[&sum, numbers] { sum = std::accumulate(numbers.begin(), numbers.end(), 0); }};
  job();
  expect("the sum of the 4096 numbers that the Job holds", sum).is(4095 * 4096 / 2);
}

TEST_CASE("a job that cannot be copied is stored and runs") {
  ThreadPool pool{4};
  int result = 0;
  pool.execute([&result, given = std::make_unique<int>(7)]() mutable { result = *given; });
  expect("what the job was given", result).is(7);
}

TEST_CASE("functions are jobs too, and what they return is dropped") {
  ThreadPool pool{4};
  calls_of_a_function = 0;
  pool.execute(a_function);
  pool.execute(&a_function);
  pool.execute([] { return a_function(); });
  expect("calls of the function", calls_of_a_function).is(3);
}

TEST_CASE("the pool runs each job once, and in the order in which they came") {
  ThreadPool pool{4};
  std::string order;
  pool.execute(Appends{order, "first "});
  pool.execute(Appends{order, "second "});
  pool.execute(Appends{order, "third "});
  expect("the jobs that have run", order).is("first second third ");
}

TEST_CASE("what a job holds is gone when the pool has run it") {
  ThreadPool pool{4};
  Held held;
  pool.execute(Holds{std::move(held.thing)});
  expect("what the job held is there when execute has returned", held.is_there()).is(false);
}

TEST_CASE("a job that throws is gone from the queue") {
  ThreadPool pool{4};
  std::string order;
  std::string caught = "nothing";
  try {
    pool.execute([&] {
      order += "throws ";
      throw std::runtime_error{"the job's error"};
    });
  } catch (const std::runtime_error& error) {
    caught = error.what();
  }
  pool.execute(Appends{order, "next "});
  expect("what a job throws, where execute was called", caught).is("the job's error");
  expect("what has run", order).is("throws next ");
}

TEST_CASE("the server answers: its clients wait in Jobs") {
  Server server{{.folder = "tests/site", .args = {"2"}}};  // it ends after two clients
  for (int i = 0; i < 2; ++i) expect_served(server, "the answer");
  expect("the server's exit status", static_cast<int>(server.wait())).is(0);
}
