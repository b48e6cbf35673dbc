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

TEST_CASE("the answers in flight arrive before the server ends") {
  Server server{{.folder = "tests/site", .args = {"1"}}};  // it ends after one client
  Client client{server};
  server.wait_until_at_rest();
  client.send(request);
  expect("the answer", client.receive_all()).starts_with("HTTP/1.1 200 OK\r\n");
  expect("the server's exit status", static_cast<int>(server.wait())).is(0);
}
