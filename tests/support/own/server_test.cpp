// Tests of the server process that tests start.
#include "server/server.hpp"
#include "expect/expect.hpp"
#include "server/client.hpp"
#include "system/process_facts.hpp"
#include "system/signals.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <string>
#include <string_view>

using support::Client;
using support::count_descriptors;
using support::count_threads;
using support::ExitStatus;
using support::expect;
using support::Server;

namespace {

constexpr std::string_view request = "GET / HTTP/1.1\r\n\r\n";
constexpr std::string_view answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

bool exists(pid_t process) {
  return kill(process, 0) == 0;
}

}  // namespace

TEST_SUITE_BEGIN("server");

TEST_CASE("a server runs until it is stopped, and is reaped") {
  Server server;
  expect("running", server.running()).is(true);
  expect("how it ended", server.stop()).is(ExitStatus{.signal = SIGTERM});
  expect("running", server.running()).is(false);
  expect("the process is there", exists(server.pid())).is(false);
}

TEST_CASE("a server whose object is gone is gone, even when it ignores SIGTERM") {
  pid_t process = 0;
  {
    Server server{{.args = {"ignores SIGTERM"}}};
    process = server.pid();
  }
  expect("the process is there", exists(process)).is(false);
}

TEST_CASE("a server may end by itself when the test waits for that") {
  Server server{{.args = {"ends well"}}};
  Client client{server};
  client.send(request);
  expect("the answer", client.receive_all()).is(answer);
  expect("its exit status", server.wait()).is(ExitStatus{});
}

TEST_CASE("a signal is received by main, or by another thread") {
  Server server{{.args = {"has threads"}}};
  server.wait_until_at_rest();
  server.signal(SIGUSR1);
  expect("the thread", [&] { return server.stderr_text(); }).becomes("main\n");
  server.signal_beside_main(SIGUSR1);
  expect("the threads", [&] { return server.stderr_text(); }).becomes("main\nanother thread\n");
  Server alone;
  alone.wait_until_at_rest();
  alone.signal_beside_main(SIGUSR1);
  expect("the only thread", [&] { return alone.stderr_text(); }).becomes("main\n");
}

TEST_CASE("a signal comes just before a system call, and the call is made after that") {
  Server server{{.args = {"never accepts"}}};
  server.wait_until_at_rest();
  server.signal_before_main_waits(SIGUSR1);
  expect("the thread", [&] { return server.stderr_text(); }).becomes("main\n");
  server.wait_until_at_rest();
  expect("it goes on", server.running()).is(true);
}

TEST_CASE("a signal that comes just before a system call does not interrupt the call" *
          doctest::skip(!support::can_signal_before_call)) {
  Server server{{.args = {"looks, then waits"}}};
  server.wait_until_at_rest();
  server.signal_before_main_waits(SIGUSR1);
  server.wait_until_at_rest();
  expect("it goes on", server.running()).is(true);
  server.signal(SIGUSR1);
  expect("its exit status", server.wait()).is(ExitStatus{});
}

TEST_CASE("an exit status counts as in a shell") {
  Server server;
  server.signal(SIGKILL);
  const ExitStatus status = server.wait();
  expect("the signal", status.signal).is(SIGKILL);
  CHECK(status == 137);
}

TEST_CASE("a server gets the port, the current folder and the limit that the test chooses") {
  std::uint16_t port = 0;
  {
    Server server;
    port = server.port();
  }
  Server server{{.port = port, .folder = "/proc/self", .args = {"prints its folder"}, .descriptor_limit = 77}};
  expect("its port", server.port()).is(port);
  expect("its folder and limit", server.stderr_text()).is("/proc/" + std::to_string(server.pid()) + " 77\n");
}

TEST_CASE("a flood on stderr does not block the server, and its beginning and end are kept") {
  Server server{{.args = {"floods stderr"}}};
  Client client{server};
  client.send(request);
  expect("the answer", client.receive_all()).is(answer);
  expect("stderr", server.stderr_text()).starts_with("line 0 of very many\nline 1 of");
  expect("stderr", server.stderr_text()).contains(" bytes left out …\n");
  expect("stderr", server.stderr_text()).ends_with("line 99999 of very many\n");
  expect("bytes kept", server.stderr_text().size()).is_at_most(100'000);
}

TEST_CASE("a flood on stderr before the first line does not block the server") {
  Server server{{.args = {"floods stderr at start"}}};
  Client client{server};
  client.send(request);
  expect("the answer", client.receive_all()).is(answer);
}

TEST_CASE("a server that refuses to start says why") {
  const support::Refusal refusal = support::refusal_of({"0", "dies at start"});
  expect("stderr", refusal.stderr_text).is("site: No such file or directory\n");
  expect("its exit status", refusal.status.code).is(1);
}

TEST_CASE("servers and clients leave no descriptor and no thread behind") {
  const int descriptors = count_descriptors(getpid());
  {
    Server server;
    Client client{server};
    Server other;
    Client{other}.reset();
  }
  expect("open descriptors", count_descriptors(getpid())).is(descriptors);
  expect("threads", [] { return count_threads(getpid()); }).becomes(1);
}

TEST_SUITE_END();
