// Tests of thread_trouble.hpp, idle.hpp and crowd.hpp.
#include "expect/expect.hpp"
#include "server/crowd.hpp"
#include "server/server.hpp"
#include "threads/idle.hpp"
#include "threads/interposed.hpp"
#include "threads/thread_trouble.hpp"
#include "threads/wake_ups.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <latch>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>

using support::expect;

namespace {

// What others do while a thread runs `step` again and again.
template <class F>
std::string what_it_does(F step) {
  std::atomic<bool> over = false;
  std::thread thread{[&] {
    while (!over) step();
  }};
  std::string words = support::what_others_do();
  over = true;
  thread.join();
  return words;
}

}  // namespace

TEST_SUITE_BEGIN("trouble");

TEST_CASE("the system refuses threads as long as it is told to") {
  {
    const support::ThreadsFail fail{1};
    std::thread{[] {}}.join();
    CHECK_THROWS_AS(std::thread{[] {}}.join(), std::system_error);
  }
  std::thread{[] {}}.join();
}

TEST_CASE("a thread is not joined until somebody joins it, and never when it is detached") {
  const int before = support::threads_not_joined();
  const auto not_joined = [before] { return support::threads_not_joined() - before; };
  std::thread thread{[] {}};
  expect("threads not joined before the join", not_joined()).is(1);
  thread.join();
  expect("threads not joined after it", not_joined()).is(0);
  {
    const support::ThreadsFail fail{0};
    CHECK_THROWS_AS(std::thread{[] {}}.join(), std::system_error);
  }
  expect("threads not joined when one was refused", not_joined()).is(0);
  std::thread{[] {}}.detach();
  expect("threads not joined when one was detached", not_joined()).is(1);
}

TEST_CASE("a wait ends without a notification when it is told to") {
  std::mutex mutex;
  std::condition_variable condition;
  const support::SpuriousWakeUps wake_ups{2};
  std::unique_lock lock{mutex};
  condition.wait(lock);
  condition.wait(lock);
}

TEST_CASE("one of two tries to lock a mutex that is free fails, as the standard allows") {
  std::mutex mutex;
  int locked = 0;
  for (int i = 0; i < 2; ++i) {
    const std::unique_lock lock{mutex, std::try_to_lock};
    locked += lock ? 1 : 0;
  }
  expect("how often it is locked", locked).is(1);
}

TEST_CASE("who sleeps until it is woken is told from who works, and from who looks at the clock") {
  std::latch over{1};
  std::thread thread{[&] { over.wait(); }};
  const std::string words = support::what_others_do();
  over.count_down();
  thread.join();
  expect("a thread at a latch", words).is("sleep until they are woken");
  expect("a thread that yields", what_it_does([] { std::this_thread::yield(); })).is("use the processor all the while");
  expect("a thread that sleeps", what_it_does([] { std::this_thread::sleep_for(std::chrono::milliseconds{5}); }))
      .is("sleep for a time, and look again");
  std::mutex mutex;
  std::condition_variable condition;
  expect("a thread that waits until a time", what_it_does([&] {
           std::unique_lock lock{mutex};
           condition.wait_until(lock, std::chrono::system_clock::now() + std::chrono::milliseconds{5});
         }))
      .is("sleep for a time, and look again");
  expect("one that hardly sleeps", what_it_does([] { std::this_thread::sleep_for(std::chrono::microseconds{100}); }))
      .is("sleep for a time, and look again");
}

TEST_CASE("a thread that looks at the clock a few times, and then sleeps until it is woken, is one that sleeps") {
  std::latch over{1};
  std::thread thread{[&] {
    for (int i = 0; i < 5; ++i) std::this_thread::sleep_for(std::chrono::milliseconds{1});
    over.wait();
  }};
  const std::string words = support::what_others_do();
  over.count_down();
  thread.join();
  expect("what it does", words).is("sleep until they are woken");
}

TEST_CASE("of a crowd's answers, those are counted that came whole and in order") {
  constexpr std::string_view request = "GET / HTTP/1.1\r\n\r\n";
  constexpr std::string_view answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  const support::Server good;
  expect("good answers", support::ask_as_crowd(good.port(), 8, 20, request, answer)).is(20);
  expect("other answers", support::ask_as_crowd(good.port(), 8, 20, request, "hello")).is(0);
  const support::Server resets{{.args = {"resets"}}};
  expect("answers of one that resets", support::ask_as_crowd(resets.port(), 8, 20, request, answer.substr(0, 17)))
      .is(0);
}

TEST_CASE("calls to wake others are counted, and so is who sleeps") {
  const int sleeps = support::count_sleeps();
  const int calls = support::count_calls_to_wake();
  std::mutex mutex;
  std::condition_variable condition;
  bool set = false;
  condition.notify_one();
  expect("calls, if nobody sleeps", support::count_calls_to_wake() - calls).is(1);
  std::thread thread{[&] {
    std::unique_lock lock{mutex};
    condition.wait(lock, [&] { return set; });
  }};
  expect("sleeps", [&] { return support::count_sleeps() - sleeps; }).becomes(1);
  {
    const std::lock_guard lock{mutex};
    set = true;
  }
  condition.notify_all();
  thread.join();
  expect("calls", support::count_calls_to_wake() - calls).is(2);
  std::latch latch{1};
  std::thread waits{[&] { latch.wait(); }};
  expect("sleeps", [&] { return support::count_sleeps() - sleeps; }).becomes(2);
  latch.count_down();
  waits.join();
  expect("calls, with one at a latch", support::count_calls_to_wake() - calls).is(3);
}

TEST_SUITE_END();
