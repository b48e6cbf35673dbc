// Test cases that fail under a schedule, each in its own way. turns_test.cpp reads what a learner would read.
#include "expect/expect.hpp"
#include "threads/every_schedule.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <queue>
#include <stdexcept>
#include <stop_token>
#include <thread>

using support::under_every_schedule;

TEST_SUITE_BEGIN("fails under a schedule" * doctest::skip());

TEST_CASE("lost wake-up") {
  under_every_schedule([] {
    std::mutex mutex;
    std::condition_variable changed;
    std::atomic<bool> stopping = false;
    std::jthread worker{[&] {
      std::unique_lock lock{mutex};
      changed.wait(lock, [&] { return stopping.load(); });
    }};
    stopping = true;
    changed.notify_one();
  });
}

TEST_CASE("two mutexes in two orders") {
  under_every_schedule([] {
    std::mutex one;
    std::mutex two;
    const auto lock = [](std::mutex& first, std::mutex& second) {
      const std::lock_guard outer{first};
      const std::lock_guard inner{second};
    };
    std::jthread other{[&] { lock(one, two); }};
    lock(two, one);
  });
}

// Of far too many schedules, those in which a thread runs on and on while main hardly moves.
TEST_CASE("a fault among too many schedules") {
  under_every_schedule([] {
    std::mutex mutex;
    int looks = 0;
    std::jthread other{[&] {
      for (int i = 0; i < 1000; ++i) {
        const std::lock_guard lock{mutex};
        ++looks;
      }
    }};
    for (int i = 0; i < 1000; ++i) {
      const std::lock_guard lock{mutex};
      if (i == 7) support::expect("the other thread runs on and on", looks >= 500).is(false);
    }
  });
}

TEST_CASE("memory that is lost in each schedule") {
  under_every_schedule([] {
    std::thread other{[] {}};
    static_cast<void>(new int{7});
    other.join();
  });
}

TEST_CASE("looks and then changes what it saw") {
  under_every_schedule([] {
    std::atomic<int> count = 0;
    std::mutex mutex;
    const auto add = [&] {
      const int before = count;
      { const std::lock_guard lock{mutex}; }
      count = before + 1;
    };
    std::thread other{add};
    add();
    other.join();
    support::expect("what two threads have counted", count.load()).is(2);
  });
}

TEST_CASE("an if around a wait") {
  under_every_schedule([] {
    std::mutex mutex;
    std::condition_variable changed;
    std::queue<int> jobs;
    std::jthread worker{[&] {
      std::unique_lock lock{mutex};
      if (jobs.empty()) changed.wait(lock);
      support::expect("the queue is empty when the worker takes a job", jobs.empty()).is(false);
    }};
    const std::lock_guard lock{mutex};
    jobs.push(1);
    changed.notify_one();
  });
}

TEST_CASE("a data race") {
  under_every_schedule([] {
    int number = 0;
    std::jthread other{[&] { ++number; }};
    ++number;
  });
}

TEST_CASE("a sleep in place of a wait") {
  under_every_schedule([] {
    std::atomic<bool> done = false;
    std::jthread other{[&] { done = true; }};
    std::this_thread::sleep_for(std::chrono::hours{1});
    support::expect("the other thread has done its work", done.load()).is(true);
  });
}

TEST_CASE("a thread that goes on and on") {
  under_every_schedule([] {
    std::mutex mutex;
    std::jthread other{[&](const std::stop_token&) {
      while (true) const std::lock_guard lock{mutex};
    }};
  });
}

TEST_CASE("a thread that never sleeps") {
  under_every_schedule([] {
    std::jthread other{[](const std::stop_token& stop) {
      while (!stop.stop_requested()) std::this_thread::yield();
    }};
    support::until_others_sleep();
  });
}

TEST_CASE("a thread that looks at the clock") {
  under_every_schedule([] {
    std::jthread other{[](const std::stop_token& stop) {
      while (!stop.stop_requested()) std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }};
    support::until_others_sleep();
  });
}

TEST_CASE("a thread that waits in a pipe") {
  under_every_schedule([] {
    int ends[2];
    if (::pipe(ends) != 0) throw std::runtime_error{"no pipe"};
    std::jthread other{[&] {
      const char byte = 1;
      if (::write(ends[1], &byte, 1) != 1) std::abort();
    }};
    char byte = 0;
    support::expect("bytes that come", ::read(ends[0], &byte, 1)).is(1);
  });
}

TEST_CASE("a thread that goes round without a call") {
  under_every_schedule([] {
    std::atomic<bool> stopping = false;
    std::jthread other{[&] {
      while (!stopping) {
      }
    }};
    std::this_thread::yield();
    stopping = true;
  });
}

TEST_CASE("a thread that is left") {
  under_every_schedule([] { std::thread{[] {}}.detach(); });
}

TEST_CASE("an exception under a schedule") {
  under_every_schedule([] { throw std::runtime_error{"no more"}; });
}

TEST_SUITE_END();
