// Tests of thread_trouble.hpp, idle.hpp and crowd.hpp.
#include "expect/expect.hpp"
#include "server/crowd.hpp"
#include "server/server.hpp"
#include "threads/idle.hpp"
#include "threads/interposed.hpp"
#include "threads/thread_trouble.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <latch>
#include <mutex>
#include <semaphore>
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

TEST_CASE("a thread that is held back begins when somebody waits for its end") {
  std::atomic<bool> began = false;
  const support::ThreadsHeldBack threads;
  std::thread thread{[&] { began = true; }};
  expect("threads held back", threads.count()).is(1);
  support::wait_until_others_sleep();
  expect("it has begun", began.load()).is(false);
  thread.join();
  expect("it has begun", began.load()).is(true);
  expect("threads held back", threads.count()).is(0);
}

TEST_CASE("a thread that is held back begins when somebody waits for what it does, in whatever way") {
  const auto begins_when = [](auto wait) {
    const support::ThreadsHeldBack threads;
    std::atomic<bool> began = false;
    std::binary_semaphore done{0};
    std::mutex mutex;
    std::condition_variable condition;
    std::thread thread{[&] {
      {
        const std::lock_guard lock{mutex};
        began = true;
      }
      condition.notify_all();
      done.release();
    }};
    expect("threads that nobody has joined", threads.count()).is(1);
    expect("it has begun", began.load()).is(false);
    wait(began, done, mutex, condition);
    expect("it has begun", began.load()).is(true);
    thread.join();
  };
  begins_when([](auto& began, auto&, auto& mutex, auto& condition) {
    std::unique_lock lock{mutex};
    condition.wait(lock, [&] { return began.load(); });
  });
  begins_when([](auto&, auto& done, auto&, auto&) { done.acquire(); });
  begins_when([](auto& began, auto&, auto&, auto&) {
    while (!began) std::this_thread::yield();
  });
  begins_when([](auto& began, auto&, auto&, auto&) {
    while (!began) std::this_thread::sleep_for(std::chrono::milliseconds{1});
  });
  begins_when([](auto& began, auto&, auto&, auto&) {
    while (!began) {  // known by the time that it takes
    }
  });
}

TEST_CASE("a wait ends without a notification when it is told to") {
  std::mutex mutex;
  std::condition_variable condition;
  const support::SpuriousWakeUps wake_ups{2};
  std::unique_lock lock{mutex};
  condition.wait(lock);
  condition.wait(lock);
}

TEST_CASE("at the least lucky moment, a notification comes between the look and the sleep") {
  std::mutex mutex;
  std::condition_variable condition;
  std::latch woken{1};
  const support::UnluckyMoments unlucky;
  std::thread thread{[&] {
    std::unique_lock lock{mutex};
    condition.wait(lock);
    woken.count_down();
  }};
  unlucky.wait_for_one();
  condition.notify_one();  // without the mutex: nobody sleeps yet
  expect("it was woken", woken.try_wait()).is(false);
  { const std::lock_guard lock{mutex}; }
  condition.notify_one();
  thread.join();
}

TEST_CASE("at the least lucky moment, a notification comes after a mutex is unlocked, and before anything else") {
  std::mutex mutex;
  std::condition_variable condition;
  std::atomic<bool> went_on = false;
  const support::UnluckyMoments unlucky;
  std::thread thread{[&] {
    { const std::lock_guard lock{mutex}; }
    went_on = true;
  }};
  unlucky.wait_for_one();
  expect("it went on", went_on.load()).is(false);
  condition.notify_one();
  thread.join();
  expect("it went on", went_on.load()).is(true);
}

TEST_CASE("a thread is held after its second unlock until all others sleep") {
  std::mutex mutex;
  std::atomic<int> unlocked = 0;
  const support::HeldAfterUnlock held{2};
  std::thread thread{[&] {
    for (int i = 0; i < 3; ++i) {
      { const std::lock_guard lock{mutex}; }
      ++unlocked;
    }
  }};
  held.wait();
  expect("how often it has gone on", unlocked.load()).is(1);
  thread.join();
  expect("how often it has gone on", unlocked.load()).is(3);
}

TEST_CASE("who waits for a thread that unlocks nothing goes on when that sleeps, or works all the while") {
  const support::HeldAfterUnlock held{1};
  std::latch over{1};
  std::thread sleeps{[&] { over.wait(); }};
  held.wait();
  over.count_down();
  sleeps.join();
  std::atomic<bool> enough = false;
  std::thread works{[&] {
    while (!enough) {
    }
  }};
  held.wait();
  enough = true;
  works.join();
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

TEST_SUITE_END();
