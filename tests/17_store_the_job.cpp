#include "expect/expect.hpp"
#include "job.hpp"
#include "server/page_clients.hpp"
#include "server/server.hpp"
#include "thread_pool.hpp"
#include "threads/counted.hpp"

#include <doctest/doctest.h>

#include <array>
#include <memory>
#include <numeric>
#include <queue>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

using support::Counted;
using support::expect;
using support::expect_served;
using support::Server;

static_assert(std::is_move_constructible_v<Job> && std::is_move_assignable_v<Job>,
              "a Job is moved: into the queue, and out of it");
static_assert(!std::is_constructible_v<Job, int>, "a number cannot be called, so it makes no Job");

namespace {

// What these tests hand in more than once is of one type: the compiler makes one kind of Job of it, not one for each.
struct Holds {
  Counted thing;
  void operator()() const {}
};

struct Appends {
  std::string& text;
  const char* word;
  void operator()() const { text += word; }
};

struct AppendsItsOwn {
  std::string& text;
  std::unique_ptr<std::string> word;  // has one owner
  void operator()() const { text += *word; }
};

// A class whose copy constructor would be written for it: it takes a Box& if that of Job takes a Job&.
struct Box {
  Job job;
};

int calls_of_a_function = 0;
int a_function() {
  return ++calls_of_a_function;
}

}  // namespace

TEST_CASE("a Job runs what it was made from once, when it is called") {
  calls_of_a_function = 0;
  Job job{a_function};
  expect("calls before the Job is called", calls_of_a_function).is(0);
  job();
  expect("calls after the Job is called", calls_of_a_function).is(1);
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
  jobs.push(Job{AppendsItsOwn{order, std::make_unique<std::string>("what has one owner, ")}});
  jobs.push(Job{[&order, text = std::string{"a text"}]() mutable { order += std::exchange(text, ""); }});
  while (!jobs.empty()) {
    Job job = std::move(jobs.front());
    jobs.pop();
    job();
  }
  expect("the Jobs that have run", order).is("a reference, what has one owner, a text");
}

TEST_CASE("a Job has a callable of its own, not the caller's") {
  std::string result;
  Job job{a_function};
  {
    const std::string text = "a text that is too long to be kept inside of a std::string";
    const auto callable = [&result, text] { result = text; };
    job = Job{callable};
  }
  job();
  expect("what the Job was given", result).is("a text that is too long to be kept inside of a std::string");
}

TEST_CASE("what a Job holds is gone when the Job is") {
  int held = 0;
  {
    const Job job{Holds{Counted{held}}};
    expect("things that the Job holds while it waits", held).is(1);
  }
  expect("things that are left after its end", held).is(0);
}

TEST_CASE("a Job that is moved takes along what it holds") {
  int held = 0;
  {
    Job from{Holds{Counted{held}}};
    const Job to{std::move(from)};
    expect("things that the Job holds after the move", held).is(1);
  }
  expect("things that are left after its end", held).is(0);
}

TEST_CASE("a Job that is assigned gives up what it held before") {
  int before = 0;
  int after = 0;
  Job job{Holds{Counted{before}}};
  job = Job{Holds{Counted{after}}};
  expect("things that it held before", before).is(0);
  expect("things that it was assigned", after).is(1);
}

TEST_CASE("a Job is moved and never copied") {
  expect("Job second{first}; compiles", std::is_constructible_v<Box, Box&>).is(false);
  expect("Job second{first}; compiles for a const Job", std::is_copy_constructible_v<Job>).is(false);
  expect("second = first; compiles", std::is_assignable_v<Job&, Job&>).is(false);
  expect("second = first; compiles for a const Job", std::is_copy_assignable_v<Job>).is(false);
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
  std::string result;
  pool.execute(AppendsItsOwn{result, std::make_unique<std::string>("what has one owner")});
  expect("what the job was given", result).is("what has one owner");
}

TEST_CASE("functions are jobs too, and what they return is dropped") {
  ThreadPool pool{4};
  calls_of_a_function = 0;
  pool.execute(a_function);
  pool.execute(&a_function);
  expect("calls of the function", calls_of_a_function).is(2);
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
  int held = 0;
  ThreadPool pool{4};
  pool.execute(Holds{Counted{held}});
  expect("things that are left of the job when execute has returned", held).is(0);
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
