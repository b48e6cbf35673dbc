// Test cases that fail because of a server. server_failure_test.cpp reads what a learner would read.
#include "expect/expect.hpp"
#include "server/client.hpp"
#include "server/server.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <string>
#include <string_view>

using support::Client;
using support::expect;
using support::Server;

namespace {

constexpr std::string_view request = "GET / HTTP/1.1\r\n\r\n";
constexpr std::string_view answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

}  // namespace

TEST_SUITE_BEGIN("fails on purpose" * doctest::skip());

TEST_CASE("the server answers something else") {
  Server server;
  Client client{server};
  client.send_byte_by_byte(request);
  expect("the page comes back", client.receive_all()).is("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello!");
}

TEST_CASE("the server answers very long") {
  Server server{{.args = {"answers long"}}};
  Client client{server};
  client.send(request);
  expect("the page comes back", client.receive_all()).is(answer);
}

TEST_CASE("the server resets") {
  Server server{{.args = {"resets"}}};
  Client client{server};
  client.send(request);
  expect("the page comes back", client.receive_all()).is(answer);
}

TEST_CASE("the server never answers") {
  Server server{{.args = {"never answers"}}};
  Client client{server};
  client.send(request);
  expect("the page comes back", client.receive_all()).is(answer);
}

TEST_CASE("the server stops midway") {
  Server server{{.args = {"dribbles"}}};
  Client client{server};
  client.send(request);
  expect("the page comes back", client.receive_all()).is(answer);
}

TEST_CASE("the server never reads") {
  Server server{{.args = {"never reads"}}};
  Client client{server};
  client.send_byte_by_byte(request);
}

TEST_CASE("the server never reads what is much") {
  Server server{{.args = {"never reads"}}};
  Client client{server};
  std::string much;
  much.resize(30'000'000, 'x');
  client.send(much);
}

TEST_CASE("the server spins") {
  Server server{{.args = {"spins"}}};
  Client client{server};
  server.wait_until_at_rest();
}

TEST_CASE("nobody listens") {
  std::uint16_t port = 0;
  {
    Server server;
    port = server.port();
  }
  Client client{port};
}

TEST_CASE("the server prints nothing") {
  Server server{{.args = {"prints nothing"}}};
}
TEST_CASE("the server dies at start") {
  Server server{{.args = {"dies at start"}}};
}
TEST_CASE("the server says something else") {
  Server server{{.args = {"says something else"}}};
}
TEST_CASE("there is no server") {
  Server server{{.program = "/no/such/program"}};
}
TEST_CASE("there is no folder") {
  Server server{{.folder = "/no/such/folder"}};
}

TEST_CASE("the port is taken") {
  Server first;
  Server second{{.port = first.port()}};
}

TEST_CASE("the server segfaults") {
  Server server{{.args = {"segfaults"}}};
  Client client{server};
  client.send(request);
  expect("the page comes back", client.receive_all()).is(answer);
}

TEST_CASE("the server throws") {
  Server server{{.args = {"throws"}}};
  Client client{server};
  client.send(request);
  expect("the page comes back", client.receive_all()).is(answer);
}

TEST_CASE("the server throws when the client has given up") {
  Server server{{.args = {"throws"}}};
  Client client{server};
  client.send("GET / HTTP/1.1\r\n");
  client.receive_all();
}

TEST_CASE("the server exits") {
  Server server{{.args = {"exits"}}};
  Client client{server};
  client.send(request);
  client.receive_all();
}

TEST_CASE("the server exits before it reports") {
  const Server server{{.args = {"exits"}}};
  Client client{server};
  client.send(request);
  expect("the reports", [&] { return server.stderr_text(); }).becomes("1 client");
}

TEST_CASE("the server is killed by SIGPIPE") {
  Server server{{.args = {"is killed by SIGPIPE"}}};
  Client client{server};
  client.send(request);
  client.reset();
}

TEST_CASE("the server uses freed memory after its answer") {
  Server server{{.args = {"uses freed memory afterwards"}}};
  Client client{server};
  client.send(request);
  expect("the page comes back", client.receive_all()).is(answer);
}

TEST_CASE("the server has a data race after its answer") {
  Server server{{.args = {"races afterwards"}}};
  Client client{server};
  client.send(request);
  expect("the page comes back", client.receive_all()).is(answer);
}

TEST_CASE("the server floods stderr and answers wrongly") {
  Server server{{.args = {"floods stderr"}}};
  Client client{server};
  client.send(request);
  expect("the page comes back", client.receive_all()).is("nothing");
}

TEST_CASE("the server does not end when asked") {
  Server server{{.args = {"ignores SIGTERM"}}};
  server.stop();
}

TEST_CASE("the server does not end by itself") {
  Server server;
  server.wait();
}

TEST_CASE("the server does not end after a signal") {
  Server server{{.args = {"ignores SIGTERM"}}};
  server.signal(SIGTERM);
  server.wait();
}

TEST_CASE("the server serves what it should refuse") {
  support::refusal_of({"0", "good"});
}

TEST_CASE("many connections and long words") {
  Server server;
  for (int i = 0; i < 20; ++i) {
    Client client{server};
    client.send("GET /" + std::string(200, 'a') + " HTTP/1.1\r\n\r\n");
    client.receive_all();
  }
  Client client{server};
  for (int i = 0; i < 12; ++i) {
    client.send("GET ");
    client.finish_sending();
  }
  INFO("first");
  INFO("second\nthird");
  expect(std::string(300, 'w'), client.receive_all()).is("nothing");
}

TEST_SUITE_END();

// Ends the test program at once, as a crash or the runner would.
TEST_SUITE_BEGIN("abandons a server" * doctest::skip());

TEST_CASE("a test that is abandoned") {
  Server server{{.args = {"ignores SIGTERM"}}};
  MESSAGE("pid ", server.pid());
  _exit(7);
}

TEST_SUITE_END();
