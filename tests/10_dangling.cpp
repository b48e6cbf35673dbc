#include "client.hpp"
#include "expect.hpp"
#include "server.hpp"

#include <doctest/doctest.h>

#include <string_view>

using support::Client;
using support::expect;
using support::Server;

namespace {

constexpr std::string_view request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

}  // namespace

TEST_CASE("a client is reported by its number when it is done") {
  Server server{{.folder = "tests/site"}};
  Client client{server};
  server.wait_until_at_rest();  // the client's thread waits for bytes, and the server for the next client
  client.send(request);
  expect("the answer", client.receive_all()).starts_with("HTTP/1.1 200 OK\r\n");
  expect("what the server reports", [&] { return server.stderr_text(); }).becomes("client 1 is done\n");
}
