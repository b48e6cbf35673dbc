#include "send_all.hpp"
#include "threads/interposed.hpp"

#include "expect/expect.hpp"
#include "pages.hpp"
#include "report/history.hpp"
#include "server/client.hpp"
#include "server/server.hpp"
#include "socket.hpp"
#include "system/signals.hpp"
#include "threads/background.hpp"
#include "threads/idle.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <cstddef>
#include <string>
#include <string_view>
#include <system_error>

using support::Client;
using support::expect;
using support::Server;

namespace {

constexpr std::string_view request = "GET /big HTTP/1.1\r\nHost: localhost\r\n\r\n";
constexpr std::size_t line_size = 1000;  // of that page
constexpr std::string_view status_line = "HTTP/1.1 200 OK\r\n";

// What Ctrl-Z and then `fg` do to a program in a terminal. A send that waits for room ends early and returns what it
// has sent so far.
void pause_and_go_on(Server& server) {
  server.wait_until_at_rest();
  ::kill(server.pid(), SIGSTOP);
  siginfo_t info{};
  ::waitid(P_PID, static_cast<id_t>(server.pid()), &info, WSTOPPED | WEXITED | WNOWAIT);
  ::kill(server.pid(), SIGCONT);
}

void expect_served(Server& server) {
  Client client{server};
  client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  expect("the answer to the next client", client.receive_all()).starts_with(status_line);
}

// More than a connection has room for, and no two parts are the same.
std::string numbered_lines() {
  std::string text;
  for (int number = 1; text.size() < 1'000'000; ++number) {
    text += "line " + std::to_string(number) + " of a text that is long\n";
  }
  return text;
}

// Two ends of a connection within this program.
struct Connection {
  explicit Connection(int ends[2]) : here{ends[0]}, there{ends[1]} {}
  Socket here;
  Socket there;
};

Connection connection() {
  int ends[2];
  REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
  return Connection{ends};
}

std::string everything_from(const Socket& socket) {
  std::string received;
  char chunk[65536];
  for (ssize_t count = 0; (count = recv(socket.fd(), chunk, sizeof chunk, 0)) > 0;) {
    received.append(chunk, static_cast<std::size_t>(count));
  }
  return received;
}

// What the error says that send_all throws.
std::string error_of_sending(const Socket& socket, std::string_view text) {
  try {
    send_all(socket, text);
  } catch (const std::system_error& error) {
    return error.what();
  }
  return "no error";
}

// The most that one call of send takes; a system may take any part of what it is given.
std::size_t most_at_once = std::string::npos;

}  // namespace

// A sanitizer's, if it is part of the program.
// NOLINTNEXTLINE(bugprone-reserved-identifier, readability-identifier-naming)
extern "C" __attribute__((weak)) decltype(send) __interceptor_send;

// Stands in front of the C library's, for this program and the code that it tests.
extern "C" ssize_t send(int descriptor, const void* bytes, size_t size, int flags) {
  return support::schedule::next(&__interceptor_send, "send")(descriptor, bytes, std::min(size, most_at_once), flags);
}

TEST_CASE("a page of 6 MB arrives whole, even if the server is paused meanwhile") {
  INFO("the server is stopped and woken while it sends (SIGSTOP, SIGCONT)");
  Server server;
  Client client{server};
  client.send(request);
  std::string answer = client.receive(status_line.size());
  pause_and_go_on(server);
  pause_and_go_on(server);
  answer += client.receive_all().bytes;

  const std::string page = find_page("/big").value().body;
  const std::string_view body = std::string_view{answer}.substr(answer.find("\r\n\r\n") + 4);
  if (body.size() < page.size() && page.starts_with(body)) {
    support::history::clear();  // how many bytes came differs from run to run
    support::fail_expectation(support::Place::here(), "the page arrives",
                              "all its " + std::to_string(page.size()) + " bytes",
                              "the beginning, then the end of the connection");
  }
  for (std::size_t at = 0; at < page.size(); at += line_size) {
    if (body.substr(at, line_size) == std::string_view{page}.substr(at, line_size)) continue;
    expect("line " + std::to_string(at / line_size + 1) + " of the page", body.substr(at, line_size))
        .is(page.substr(at, line_size));
  }
  expect("what follows the page", body.substr(page.size(), line_size)).is("");
}

TEST_CASE("when send takes less than it is given, the rest follows") {
  INFO("each call of send takes 10 bytes at most");
  const std::string text = numbered_lines().substr(0, 1000);
  const auto [here, there] = connection();
  most_at_once = 10;
  const std::string error = error_of_sending(here, text);
  most_at_once = std::string::npos;
  shutdown(here.fd(), SHUT_WR);
  expect("send_all's error", error).is("no error");
  expect("what arrives", everything_from(there)).is(text);
}

TEST_CASE("a client that leaves while its page is sent does not end the server") {
  Server server;
  Client client{server};
  client.send(request);
  client.finish_sending();
  expect("the page begins", client.receive(status_line.size())).is(status_line);
  server.wait_until_at_rest();
  client.reset();
  expect_served(server);
  expect("what the server reports", server.stderr_text()).is("send: Broken pipe\n");
}

TEST_CASE("a client that leaves before it has read a byte does not end the server") {
  Server server;
  Client client{server};
  client.send(request);
  server.wait_until_at_rest();
  client.close();
  expect_served(server);
  expect("what the server reports", server.stderr_text()).is("send: Connection reset by peer\n");
}

TEST_CASE("while there is no room, it sleeps until there is") {
  const auto [here, there] = connection();
  const std::string text = numbered_lines();
  std::string received;
  std::string meanwhile;
  std::string error;
  {
    const auto send_text = [&, &here = here] {
      error = error_of_sending(here, text);
      shutdown(here.fd(), SHUT_WR);
    };
    const support::Background sender{send_text};
    meanwhile = support::what_others_do();
    received = everything_from(there);
  }
  expect("what it does while there is no room", meanwhile).is("sleep until they are woken");
  expect("send_all's error", error).is("no error");
  expect("what arrives", received).is(text);
}

TEST_CASE("a signal that interrupts send does not end the sending") {
  constexpr int times = 200;
  const auto [here, there] = connection();
  const std::string text = numbered_lines();
  std::string received;
  std::string error;
  {
    const auto read = [&, &there = there] { received = everything_from(there); };
    const support::Interruptions interruptions{times, read};
    error = error_of_sending(here, text);
    shutdown(here.fd(), SHUT_WR);
  }
  expect("send_all's error", error).is("no error");
  expect("what arrives", received).is(text);
}
