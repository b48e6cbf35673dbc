// Tests of threads that take turns.
#include "expect/expect.hpp"
#include "own/failing_run.hpp"
#include "system/process_facts.hpp"
#include "threads/every_schedule.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <atomic>
#include <barrier>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <future>
#include <latch>
#include <mutex>
#include <semaphore>
#include <shared_mutex>
#include <stop_token>
#include <string>
#include <thread>

using support::expect;
using support::under_every_schedule;
using support::until_others_sleep;

namespace {

std::string output_of(const std::string& name) {
  ::setenv("SERVERLINGS_SWITCHES", "2", 1);
  const std::string output = support::run_self("--no-skip --test-case='" + name + "'").output;
  ::unsetenv("SERVERLINGS_SWITCHES");
  return output;
}

}  // namespace

TEST_SUITE_BEGIN("turns");

// Another thread may go on, as one switch, where a thread is started, where a mutex is unlocked, and before it is
// locked. SERVERLINGS_SWITCHES is not set: the searches are those with no switch, and with at most one.
TEST_CASE("schedules can be counted by hand") {
  expect("with one thread, each search has one", under_every_schedule([] {})).is(1 + 1);
  expect("with a second one, it goes first at one switch", under_every_schedule([] { std::thread{[] {}}.join(); }))
      .is(1 + 2);
  const long each_locks = under_every_schedule([] {
    std::mutex mutex;
    std::thread thread{[&] { const std::lock_guard lock{mutex}; }};
    { const std::lock_guard lock{mutex}; }
    thread.join();
  });
  // One switch leads away from main where it has started the thread, before its lock, or after its unlock. After that
  // the thread runs to its end.
  expect("where each locks a mutex once", each_locks).is(1 + 4);
}

TEST_CASE("the same search gives the same schedules, on a busy machine, too") {
  const auto search = [] {
    return under_every_schedule([] {
      std::mutex mutex;
      std::condition_variable changed;
      int turns = 0;
      std::jthread other{[&] {
        std::unique_lock lock{mutex};
        changed.wait(lock, [&] { return turns > 0; });
      }};
      const std::lock_guard lock{mutex};
      ++turns;
      changed.notify_one();
    });
  };
  const long first = search();
  for (int i = 0; i < 20; ++i) expect("schedules", search()).is(first);
}

TEST_CASE("where there are too many schedules some are drawn, the same ones each time") {
  const auto drawn = [](const char* seed) {
    ::setenv("SERVERLINGS_SEED", seed, 1);
    const std::string output = support::run_self("--no-skip --test-case='a fault among too many schedules'").output;
    ::unsetenv("SERVERLINGS_SEED");
    expect("the output", output).contains(": the other thread runs on and on\n");
    const std::size_t line = output.find("# it was drawn: number ");
    return line == output.npos ? output : output.substr(line, output.find('\n', line) - line);
  };
  const std::string first = drawn("1");
  expect("the line", first).ends_with(" with SERVERLINGS_SEED=1");
  expect("the line", drawn("1")).is(first);
  expect("the line", drawn("2")).ends_with(" with SERVERLINGS_SEED=2");
}

TEST_CASE("what is left of one run does not change the next one") {
  static int runs = 0;
  const auto body = [] {
    std::mutex mutex;
    const bool first = runs++ == 0;
    std::thread thread{[&] { const std::lock_guard lock{mutex}; }};
    if (first) const std::lock_guard lock{mutex};
    thread.join();
    expect("it is the first run", first).is(true);
  };
  const long schedules = under_every_schedule(body);
  const long without = under_every_schedule([] {
    std::mutex mutex;
    std::thread thread{[&] { const std::lock_guard lock{mutex}; }};
    { const std::lock_guard lock{mutex}; }
    thread.join();
  });
  expect("all were tried, each as the first", schedules >= without).is(true);
}

TEST_CASE("whatever threads wait for, those who wait in the right way pass every schedule") {
  under_every_schedule([] {
    std::timed_mutex timed;
    std::recursive_mutex twice;
    std::shared_mutex shared;
    std::binary_semaphore done{0};
    std::latch both{2};
    std::barrier meet{2};
    std::once_flag flag;
    std::atomic<int> word = 0;
    std::condition_variable_any any;
    std::mutex mutex;
    int made = 0;
    std::jthread other{[&](std::stop_token stop) {
      {
        const std::unique_lock lock{timed, std::chrono::milliseconds{1}};
        const std::lock_guard outer{twice};
        const std::lock_guard inner{twice};
        const std::shared_lock reads{shared};
      }
      std::call_once(flag, [&] { ++made; });
      done.release();
      both.arrive_and_wait();
      meet.arrive_and_wait();
      word.wait(0);
      std::unique_lock lock{mutex};
      any.wait(lock, stop, [] { return false; });
    }};
    {
      const std::lock_guard lock{timed};
      const std::lock_guard outer{twice};
      const std::unique_lock writes{shared};
    }
    std::call_once(flag, [&] { ++made; });
    done.acquire();
    both.arrive_and_wait();
    meet.arrive_and_wait();
    word = 1;
    word.notify_one();
    until_others_sleep();
    expect("how often a flag's function ran", made).is(1);
    expect("what a future brings", std::async(std::launch::async, [] { return 7; }).get()).is(7);
  });
}

TEST_CASE("a wait until a time ends, however far away that is, and the clock says so") {
  under_every_schedule([] {
    std::mutex mutex;
    std::condition_variable changed;
    std::unique_lock lock{mutex};
    const auto begin = std::chrono::steady_clock::now();
    expect("what never comes", changed.wait_for(lock, std::chrono::hours{9}, [] { return false; })).is(false);
    expect("nine hours are over", std::chrono::steady_clock::now() - begin >= std::chrono::hours{9}).is(true);
    std::this_thread::sleep_until(std::chrono::system_clock::now() + std::chrono::hours{9});
  });
}

TEST_CASE("who waits by a call of which no schedule knows, or by none, is left to the system") {
  for (const std::string name : {"a thread that waits in a pipe", "a thread that goes round without a call"}) {
    expect("the output", output_of(name)).ends_with("\nok 1 - " + name + "\n");
  }
}

TEST_CASE("a wake-up that is lost is found, and where the threads stand is told") {
  ::setenv("SERVERLINGS_THREADS", "echo threads of", 1);
  for (const std::string name : {"lost wake-up", "two mutexes in two orders"}) {
    const std::string output = output_of(name);
    const std::string hangs = ": hangs: every thread waits, and nothing happens any more\n  threads of ";
    expect("the output", output).contains("not ok 1 - " + name + " # HANGS\n  tests/support/own/turns_cases.cpp:");
    expect("the output", output).contains(hangs);
    const bool is_lost = output.find("\n  rule: lost-wake-up\n") != output.npos;
    expect("a wake-up is lost", is_lost).is(name == "lost wake-up");
  }
  ::unsetenv("SERVERLINGS_THREADS");
}

TEST_CASE("whatever else goes wrong under a schedule is told in its own words") {
  struct Told {
    std::string name;
    std::string words;
  };
  for (const auto& [name, words] : {
           Told{"looks and then changes what it saw",
                ": what two threads have counted\n  expected: 2\n  actual:   1\n"},
           Told{"an if around a wait",
                ": the queue is empty when the worker takes a job\n  expected: false\n  actual:   true\n"},
           Told{"a sleep in place of a wait", ": the other thread has done its work\n  expected: true\n"},
           Told{"a thread that goes on and on",
                "  actual:   main waits in join for a thread to end, and other threads go on and on\n"},
           Told{"a thread that never sleeps", "  actual:   they work, and come to no end\n"},
           Told{"a thread that looks at the clock", "  actual:   they sleep for a time, and look again\n"},
           Told{"a thread that is left", ": threads that run on when the test is over\n  expected: 0\n  actual:   1\n"},
           Told{"an exception under a schedule", ": an exception left the test\n  actual:   no more\n"},
       }) {
    expect(name, output_of(name)).contains(words);
  }
}

TEST_CASE("memory that schedules lose is found") {
  if (support::thread_sanitizer) return;  // it does not look for leaks
  const support::Run run = support::run_self("--no-skip --test-case='memory that is lost in each schedule'");
  expect("the output", run.output).contains("LeakSanitizer: detected memory leaks");
  expect("the exit status", run.status).is_not(0);
}

TEST_CASE("threads that take turns still race, in ThreadSanitizer's eyes") {
  if (!support::thread_sanitizer) return;
  const support::Run run = support::run_self("--no-skip --test-case='a data race'");
  expect("the output", run.output).contains("WARNING: ThreadSanitizer: data race");
  expect("the exit status", run.status).is_not(0);
}

TEST_SUITE_END();
