// Tests of the byte-exact client.
#include "server/client.hpp"
#include "expect/expect.hpp"
#include "server/server.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <cstddef>
#include <string>
#include <string_view>
#include <thread>

using support::Client;
using support::expect;
using support::Server;

namespace {

constexpr std::string_view request = "GET / HTTP/1.1\r\n\r\n";
constexpr std::string_view answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

}  // namespace

TEST_SUITE_BEGIN("client");

TEST_CASE("bytes go out and come in as they are") {
  Server server;
  Client client{server};
  client.send(request);
  expect("the answer", client.receive_all()).is(answer);
  expect("the connection is closed", client.closed()).is(true);
  expect("it was reset", client.was_reset()).is(false);
}

TEST_CASE("an answer that comes in pieces is received whole") {
  Server server{{.args = {"answers in pieces"}}};
  Client client{server};
  client.send(request);
  expect("the answer", client.receive_all()).is(answer);
}

TEST_CASE("an answer of 20 MB is received whole") {
  Server server{{.args = {"answers long"}}};
  Client client{server};
  client.send(request);
  const support::Received received = client.receive_all();
  expect("its bytes", received.bytes.size()).is(20'000'045);
  expect("reset", received.reset).is(false);
}

TEST_CASE("a part of an answer can be received") {
  Server server;
  Client client{server};
  client.send(request);
  expect("the start", client.receive(8)).is(answer.substr(0, 8));
  expect("the rest", client.receive_all()).is(answer.substr(8));
  expect("what comes after the end", client.receive(1)).is("");
}

TEST_CASE("an answer is received to the end that its length says") {
  Server server;
  Client client{server};
  client.send(request);
  expect("the answer", client.receive_answer()).is(answer);
  expect("what comes after the end", client.receive_answer()).is("");
}

TEST_CASE("a reset is told from an orderly end") {
  Server server{{.args = {"resets"}}};
  Client client{server};
  expect("the connection is closed", client.closed()).is(false);
  client.send(request);
  expect("it was reset", [&] { return client.was_reset(); }).becomes(true);
  const support::Received received = client.receive_all();
  expect("what came before", received.bytes).is(answer.substr(0, 17));
  expect("reset", received.reset).is(true);
  expect("the connection is closed", client.closed()).is(true);
}

TEST_CASE("no read of the server sees two pieces at once") {
  Server server{{.args = {"tells what it reads"}}};
  Client client{server};
  client.send_in_pieces({"ab", "cde", "f"});
  client.wait_until_read();
  client.send_byte_by_byte("ghi");
  client.finish_sending();
  expect("the answer", client.receive_all()).is("");
  expect("the sizes of what the server read", server.stderr_text()).is("2 3 1 1 1 1 ");
}

TEST_CASE("a server that answers before all is sent does not fail the client") {
  Server server;
  Client client{server};
  client.send_byte_by_byte(std::string{request} + std::string(100, 'x'));
  expect("the answer", client.receive_all().bytes).is(answer);
}

TEST_CASE("a client that sends what fits does not wait for a server that reads nothing") {
  Server server{{.args = {"never reads"}}};
  Client client{server};
  const std::string much(100'000'000, 'x');
  const std::size_t sent = client.send_what_fits(much);
  expect("whether something is sent", sent > 0).is(true);
  expect("whether all of it is sent", sent == much.size()).is(false);
  server.signal(SIGKILL);
}

TEST_CASE("the end of what a client sends can be seen by the server") {
  Server server;
  Client client{server};
  client.send("GET /");
  client.finish_sending();
  expect("the answer", client.receive_all()).is(answer);
}

TEST_CASE("a client can tell that it hears nothing yet") {
  Server server;
  Client client{server};
  expect("nothing to hear before the request", client.hears_nothing()).is(true);
  client.send(request.substr(0, 5));
  expect("nothing to hear in the middle", client.hears_nothing()).is(true);
  client.send(request.substr(5));
  expect("nothing to hear at the end", client.hears_nothing()).is(false);
}

TEST_CASE("a server that another client occupies is waited for, as long as it works") {
  Server server;
  Client client{server};
  client.send("GET ");
  std::thread later{[&client] { client.send("/ HTTP/1.1\r\n\r\n"); }};
  Client next{server};
  next.send(request);
  expect("the answer", next.receive_all()).is(answer);
  later.join();
}

TEST_SUITE_END();
