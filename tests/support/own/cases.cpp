// Test cases that fail, each in its own way. reporter_test.cpp reads what a learner would read.
#include "expect/expect.hpp"
#include "expect/waiting.hpp"
#include "report/bytes.hpp"
#include "system/process_facts.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>

using support::Bytes;
using support::expect;
using support::Received;

TEST_SUITE_BEGIN("fails on purpose" * doctest::skip());

TEST_CASE("plain check") {
  const int threads = 3;
  CHECK(threads == 4);
  CHECK(threads == 5);  // is not told
}

TEST_CASE("check with a message") {
  const std::string method = "GET\n";
  INFO("a request with a body");
  CHECK_MESSAGE(method == "POST", "the method is read");
}

TEST_CASE("check of an exception") {
  CHECK_THROWS_AS(std::string{"abc"}.substr(1), std::out_of_range);
}

TEST_CASE("check in a subcase") {
  SUBCASE("with a full queue") {
    CHECK_FALSE(std::string_view{"a"}.empty() == false);
  }
}

TEST_CASE("check of bytes") {
  CHECK(Bytes{"a\r\n"} == Bytes{std::string("a\0\xff", 3)});
}

TEST_CASE("an exception") {
  throw std::system_error(EADDRINUSE, std::generic_category(), "bind");
}

TEST_CASE("a number") {
  expect("the number of threads", 5).is_at_most(4);
}

TEST_CASE("a text that differs late") {
  expect("the page", std::string(300, 'a') + "\r\nhello").is(std::string(300, 'a') + "\r\nhallo");
}

TEST_CASE("a text that is cut off") {
  expect("the page", "HTTP/1.1 200 OK\r\n\r\nhe").is("HTTP/1.1 200 OK\r\n\r\nhello");
}

TEST_CASE("a text that goes on") {
  expect("the page", "HTTP/1.1 200 OK\r\n\r\nhello").is("HTTP/1.1 200 OK\r\n\r\nhe");
}

TEST_CASE("a start") {
  expect("the answer", "HTTP/1.0 200 OK\r\n\r\n").starts_with("HTTP/1.1 ");
}

TEST_CASE("an end") {
  expect("the answer", std::string(500, 'x') + "hello").ends_with("hello\n");
}

TEST_CASE("something in it") {
  expect("the answer", "HTTP/1.1 405 No\r\n\r\n").contains("\r\nAllow: GET, HEAD\r\n");
}

TEST_CASE("something not in it") {
  expect("the answer", "HTTP/1.1 200 OK\r\n\r\nthe secret\n").does_not_contain("secret");
}

TEST_CASE("the right bytes and a reset") {
  expect("the answer", Received{"HTTP/1.1 200 OK\r\n", true}).is("HTTP/1.1 200 OK\r\n");
}

TEST_SUITE_END();

// The watchdog ends the test program.
TEST_SUITE_BEGIN("hangs on purpose" * doctest::skip());

TEST_CASE("every thread waits") {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  std::thread{[&ends] {
    char byte = 0;
    CHECK(::read(ends[0], &byte, 1) == 1);
  }}.join();
}

TEST_CASE("it hangs when it has failed") {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  std::thread waits;
  struct Join {
    std::thread& thread;
    ~Join() { thread.join(); }
  } const join{waits};
  waits = std::thread{[&ends] {
    char byte = 0;
    CHECK(::read(ends[0], &byte, 1) == 1);
  }};
  expect("the number of jobs", 1).is(2);
}

TEST_CASE("it works for longer than the watchdog waits") {
  support::Patience patience{0, support::Patience::After::failure_the_same};
  for (long long begin = support::cpu_milliseconds(::getpid()); support::cpu_milliseconds(::getpid()) - begin < 50;) {
  }
  while (patience.a_moment()) {
  }
}

TEST_SUITE_END();
