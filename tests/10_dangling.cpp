#include "expect/expect.hpp"
#include "server/client.hpp"
#include "server/page_clients.hpp"
#include "server/server.hpp"

#include <doctest/doctest.h>

#include <sstream>
#include <string>

using support::Client;
using support::expect;
using support::expect_page;
using support::expect_served;
using support::Server;

namespace {

// The clients that the server has reported, as "client 2 is done, client 1 is done".
std::string reports_of(const Server& server) {
  std::istringstream text{server.stderr_text()};
  std::string reports;
  for (std::string line; std::getline(text, line);) {
    if (line.starts_with("client ")) reports += (reports.empty() ? "" : ", ") + line;
  }
  return reports.empty() ? "nobody" : reports;
}

}  // namespace

// Before each client speaks, the server is at rest: the client's thread waits for bytes, and main has gone on to wait
// for the next client. So what the thread looks at when it is done must have outlived main's turn.

TEST_CASE("a client is reported by its number when it is done") {
  Server server{{.folder = "tests/site"}};
  Client client{server};
  server.wait_until_at_rest();
  expect_page(client);
  expect("who is reported", [&] { return reports_of(server); }).becomes("client 1 is done");
}

TEST_CASE("a client that is not done is not reported") {
  Server server{{.folder = "tests/site"}};
  const Client silent{server};
  server.wait_until_at_rest();
  expect("who is reported", reports_of(server)).is("nobody");
}

TEST_CASE("each client is reported by its own number") {
  Server server{{.folder = "tests/site"}};
  Client first{server};
  server.wait_until_at_rest();
  Client second{server};
  server.wait_until_at_rest();
  Client third{server};
  server.wait_until_at_rest();
  const auto reports = [&] { return reports_of(server); };
  expect_page(second, "the answer to the second client");
  expect("who is reported", reports).becomes("client 2 is done");
  expect_page(third, "the answer to the third client");
  expect("who is reported", reports).becomes("client 2 is done, client 3 is done");
  expect_page(first, "the answer to the first client");
  expect("who is reported", reports).becomes("client 2 is done, client 3 is done, client 1 is done");
}

TEST_CASE("a client that vanishes is reported by its number, too") {
  Server server{{.folder = "tests/site"}};
  Client leaves{server};
  leaves.send("GET /sleep?ms=50 HTTP/1.1\r\nHost: localhost\r\n\r\n");
  server.wait_until_at_rest();
  leaves.reset();
  expect("who is reported", [&] { return reports_of(server); }).becomes("client 1 is done");
  expect_served(server);
}

TEST_CASE("a client that says nothing does not hold up the next one") {
  Server server{{.folder = "tests/site"}};
  Client silent{server};
  server.wait_until_at_rest();
  expect_served(server);
  expect_page(silent, "the answer to the first client, when it speaks at last");
}
