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

TEST_CASE("a client that says nothing does not hold up the next one") {
  Server server{{.folder = "tests/site"}};
  const Client silent{server};
  server.wait_until_at_rest();
  Client client{server};
  client.send(request);
  expect("the answer", client.receive_all()).starts_with("HTTP/1.1 200 OK\r\n");
}
