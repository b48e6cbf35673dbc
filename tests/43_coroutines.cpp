// The other test cases are in tests/shared: meson.build names those of this stage.
#include "expect/expect.hpp"
#include "server/client.hpp"
#include "server/kept_clients.hpp"
#include "server/server.hpp"
#include "session.hpp"

#include <doctest/doctest.h>

#include <coroutine>
#include <csignal>
#include <list>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

using support::Client;
using support::expect;
using support::expect_kept_page;
using support::Server;

namespace {

// Says in a log when it is made, and when it is destroyed.
struct Local {
  explicit Local(std::string& text) : log{text} { log += "made "; }
  Local(const Local&) = delete;
  ~Local() { log += "destroyed "; }

  std::string& log;
};

// What it does appears in `log`, piece by piece.
Session three_pieces(std::string& log) {
  const Local local{log};
  log += "1 ";
  co_await std::suspend_always{};
  log += "2 ";
  co_await std::suspend_always{};
  log += "3 ";
}

Session does_not_wait(std::string& log) {
  log += "all ";
  if (log.empty()) co_await std::suspend_always{};
}

Session throws_at_once(bool really) {
  if (really) throw std::runtime_error{"at once"};
  co_await std::suspend_always{};
}

Session throws_later(std::string& log) {
  const Local local{log};
  co_await std::suspend_always{};
  throw std::runtime_error{"later"};
}

std::string thrown_by(Session& session) {
  try {
    session.go_on();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "nothing";
}

// Whether a Session can be copied or assigned is left to the class. If it can, that must be right.
template <class S>
void copy(S& session) {
  if constexpr (std::is_copy_constructible_v<S>) const S other{session};
}
template <class S>
void assign(S& session, S&& other) {
  if constexpr (std::is_move_assignable_v<S>) session = std::move(other);
}

}  // namespace

TEST_CASE("a coroutine begins when it is told to go on, and not before") {
  std::string log;
  Session session = three_pieces(log);
  expect("what it has done before", log).is("");
  session.go_on();
  expect("what it has done after one call of go_on", log).is("made 1 ");
}

TEST_CASE("each go_on runs a coroutine up to its next co_await") {
  std::string log;
  Session session = three_pieces(log);
  session.go_on();
  session.go_on();
  expect("what it has done after two calls", log).is("made 1 2 ");
  session.go_on();
  expect("what it has done after three calls", log).is("made 1 2 3 destroyed ");
}

TEST_CASE("go_on says whether a coroutine goes on after that") {
  std::string log;
  Session session = three_pieces(log);
  expect("whether it goes on after the first piece", session.go_on()).is(true);
  expect("whether it goes on after the second", session.go_on()).is(true);
  expect("whether it goes on after the third, the last", session.go_on()).is(false);
  Session short_one = does_not_wait(log);
  expect("whether one without a wait goes on", short_one.go_on()).is(false);
}

TEST_CASE("what a coroutine throws comes out of the go_on in which it was thrown") {
  std::string log;
  Session at_once = throws_at_once(true);
  expect("what comes out", thrown_by(at_once)).is("at once");
  Session later = throws_later(log);
  expect("what comes out before", thrown_by(later)).is("nothing");
  expect("what comes out", thrown_by(later)).is("later");
  expect("what has become of its local variable", log).is("made destroyed ");
}

TEST_CASE("what a coroutine has not thrown does not come out of another one") {
  std::string log;
  Session throws = throws_at_once(true);
  Session other = three_pieces(log);
  other.go_on();
  thrown_by(throws);
  expect("what comes out of the other one", thrown_by(other)).is("nothing");
  expect("whether it goes on after the third piece", other.go_on()).is(false);
}

TEST_CASE("when a Session is destroyed while its coroutine waits, what is local to that is destroyed, once") {
  std::string log;
  {
    Session session = three_pieces(log);
    session.go_on();
    expect("what has happened while it waits", log).is("made 1 ");
  }
  expect("what has happened after the Session's end", log).is("made 1 destroyed ");
}

TEST_CASE("a Session whose coroutine has never begun, or has ended, is destroyed as well") {
  std::string log;
  { const Session never_begun = three_pieces(log); }
  expect("what one has done that never began", log).is("");
  { does_not_wait(log).go_on(); }
  expect("what one has done that has ended", log).is("all ");
}

TEST_CASE("a Session that is moved takes its coroutine with it") {
  std::string log;
  {
    Session first = three_pieces(log);
    first.go_on();
    Session second{std::move(first)};
    expect("whether it goes on", second.go_on()).is(true);
    expect("what it has done", log).is("made 1 2 ");
  }
  expect("what has happened after the end of both", log).is("made 1 2 destroyed ");
}

TEST_CASE("a Session may be moved out of a function that ends, and its coroutine goes on") {
  std::string log;
  const auto begun = [&log] {
    Session session = three_pieces(log);
    session.go_on();
    return std::pair<int, Session>{1, std::move(session)};
  };
  Session session{begun().second};
  session.go_on();
  expect("what it has done", log).is("made 1 2 ");
}

TEST_CASE("a Session that can be copied or assigned destroys each coroutine once") {
  std::string log;
  std::string other_log;
  {
    Session session = three_pieces(log);
    session.go_on();
    copy(session);
    Session other = three_pieces(other_log);
    other.go_on();
    assign(session, std::move(other));
  }
  expect("what has happened to the first one", log).is("made 1 destroyed ");
  expect("what has happened to the other one", other_log).is("made 1 destroyed ");
}

TEST_CASE("when the server stops, the clients that say nothing are left where they are") {
  Server server{{.folder = "tests/site"}};
  std::list<Client> clients;
  for (int i = 0; i < 3; ++i) clients.emplace_back(server);
  for (int i = 0; i < 3; ++i) expect_kept_page(clients.emplace_back(server), "the answer to a client that stays");
  server.wait_until_at_rest();
  server.signal(SIGTERM);
  expect("the server's exit status", static_cast<int>(server.wait())).is(0);
  for (Client& client : clients) expect("what a client hears that has asked for nothing", client.receive_all()).is("");
}

TEST_CASE("when the server stops, the clients that have begun are answered, and then it ends") {
  Server server{{.folder = "tests/site", .args = support::with_limits(4, 300, support::long_time)}};
  Client sleeper{server};
  sleeper.send("GET /sleep?ms=200 HTTP/1.1\r\nHost: localhost\r\n\r\n");
  sleeper.wait_until_read();
  Client half{server};
  half.send("GET / HTTP/1.1\r\nHo");
  half.wait_until_read();
  Client content{server};
  content.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhello");
  content.wait_until_read();
  server.signal(SIGTERM);
  content.send("world");
  expect("the answer to a client whose request was not whole", content.receive_all()).starts_with("HTTP/1.1 405 ");
  expect("the answer to a client that sleeps", sleeper.receive_all()).ends_with("slept 200 ms\n");
  expect("the answer to a client that has stopped amid its request", half.receive_all()).starts_with("HTTP/1.1 408 ");
  for (Client* client : {&sleeper, &half, &content}) client->close();
  expect("the server's exit status", static_cast<int>(server.wait())).is(0);
}

TEST_CASE("a client that goes amid its request, or resets the connection, leaves nothing behind") {
  Server server{{.folder = "tests/site"}};
  for (int i = 0; i < 20; ++i) {
    Client client{server};
    client.send(i % 2 == 0 ? "GET / HTTP/1.1\r\nHo" : "GET /sleep?ms=60000 HTTP/1.1\r\nHost: localhost\r\n\r\n");
    client.wait_until_read();
    client.reset();
  }
  Client next{server};
  expect_kept_page(next, "the answer to the next client");
  next.close();
  server.signal(SIGTERM);
  expect("the server's exit status", static_cast<int>(server.wait())).is(0);
}
