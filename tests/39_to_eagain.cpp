// The other test cases are in tests/shared.
#include "expect/expect.hpp"
#include "server/client.hpp"
#include "server/kept_clients.hpp"
#include "server/server.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <string>

using support::Client;
using support::expect;
using support::expect_kept_page;
using support::line_200;
using support::request_with;
using support::Server;

TEST_CASE("a request of 8,000 bytes that comes in one piece is answered") {
  Server server{{.folder = "tests/site"}};
  Client client{server};
  std::string request = request_with("HTTP/1.1", {"Cookie: "});
  request.insert(request.size() - 4, 8'000 - request.size(), 'c');
  client.send(request);
  expect("the answer", client.receive_answer()).starts_with(line_200);
  server.wait_until_at_rest();
  expect_kept_page(client, "the answer to the next request");
}
