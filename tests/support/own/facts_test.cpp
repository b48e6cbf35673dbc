// Tests of what is told about processes, and of interrupted system calls.
#include "expect/expect.hpp"
#include "server/client.hpp"
#include "server/server.hpp"
#include "system/process_facts.hpp"
#include "system/signals.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <stdexcept>
#include <string>
#include <string_view>

using support::Client;
using support::count_descriptors;
using support::count_threads;
using support::expect;
using support::Interruptions;
using support::Server;

namespace {

constexpr std::string_view request = "GET / HTTP/1.1\r\n\r\n";
constexpr std::string_view answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

}  // namespace

TEST_SUITE_BEGIN("process facts");

TEST_CASE("descriptors are counted") {
  Server server{{.args = {"leaks descriptors"}}};
  server.wait_until_at_rest();
  const int before = count_descriptors(server.pid());
  for (int i = 0; i < 3; ++i) {
    Client client{server};
    client.send(request);
    client.receive(answer.size());
  }
  server.wait_until_at_rest();
  expect("descriptors", count_descriptors(server.pid())).is(before + 3);
}

TEST_CASE("one's own descriptors are counted without those of the counting") {
  const int before = count_descriptors(getpid());
  const int copy = dup(0);
  expect("descriptors", count_descriptors(getpid())).is(before + 1);
  close(copy);
  expect("descriptors", count_descriptors(getpid())).is(before);
}

TEST_CASE("threads are counted without a sanitizer's own") {
  Server server;
  expect("threads", count_threads(server.pid())).is(1);
  Server with_threads{{.args = {"has threads"}}};
  expect("threads", [&] { return count_threads(with_threads.pid()); }).becomes(4);
}

TEST_CASE("a thread beside main that takes a signal is found, where there is one") {
  Server server;
  expect("the thread", support::thread_that_takes(server.pid(), SIGTERM)).is(0);
  Server with_threads{{.args = {"has threads"}}};
  const auto another_takes = [&] {
    return support::thread_that_takes(with_threads.pid(), SIGTERM) > with_threads.pid();
  };
  expect("there is another thread", another_takes).becomes(true);
}

TEST_CASE("time on a processor is counted, and a server that spins is not at rest") {
  Server server{{.args = {"spins"}}};
  Client client{server};
  expect("it has worked for 20 ms", [&] { return support::cpu_milliseconds(server.pid()) >= 20; }).becomes(true);
  expect("it is at rest", support::is_at_rest(server.pid())).is(false);
}

TEST_CASE("the most memory that a process has used is known after it is freed") {
  constexpr long long size = 50'000'000;
  const pid_t child = ::fork();  // a process that has not used more before
  if (child == 0) {
    const long long before = support::peak_memory(::getpid());
    const bool is_used = std::string(size, 'x').back() == 'x';
    ::_exit(is_used && support::peak_memory(::getpid()) - before > size / 2 ? 0 : 1);
  }
  int status = -1;
  REQUIRE(::waitpid(child, &status, 0) == child);
  expect("the child's status, 0 if it has seen that", status).is(0);
}

TEST_CASE("facts about a process that is gone are an error") {
  Server server;
  server.stop();
  CHECK_THROWS_AS(count_threads(server.pid()), std::runtime_error);
  CHECK_THROWS_AS(support::cpu_milliseconds(server.pid()), std::runtime_error);
  CHECK_THROWS_AS(support::peak_memory(server.pid()), std::runtime_error);
}

TEST_SUITE_END();

TEST_SUITE_BEGIN("interruptions");

TEST_CASE("a call that waits is interrupted as often as asked") {
  int ends[2];
  REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
  const Interruptions interruptions{3};
  for (int i = 0; i < 3; ++i) {
    char byte = 0;
    const ssize_t count = recv(ends[0], &byte, 1, 0);
    const int error = errno;
    CHECK(count == -1);
    CHECK(error == EINTR);
  }
  close(ends[0]);
  close(ends[1]);
}

TEST_CASE("what is to happen after the interruptions happens then") {
  int ends[2];
  REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
  const auto send_something = [&ends] { send(ends[1], "x", 1, 0); };
  const Interruptions interruptions{2, send_something};
  char byte = 0;
  int interrupted = 0;
  while (recv(ends[0], &byte, 1, 0) == -1 && errno == EINTR) ++interrupted;
  CHECK(interrupted == 2);
  CHECK(byte == 'x');
  close(ends[0]);
  close(ends[1]);
}

TEST_SUITE_END();
