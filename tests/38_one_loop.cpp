// The other test cases are in tests/shared.
#include "expect/expect.hpp"
#include "server/client.hpp"
#include "server/kept_clients.hpp"
#include "server/server.hpp"
#include "system/process_facts.hpp"

#include <doctest/doctest.h>

#include <list>
#include <string>

using support::Client;
using support::expect;
using support::expect_kept_page;
using support::kept_request;
using support::line_200;
using support::Server;

TEST_CASE("a client that has sent half a request keeps nobody else waiting") {
  Server server{{.folder = "tests/site"}};
  Client slow{server};
  slow.send(kept_request.substr(0, 20));
  slow.wait_until_read();
  Client next{server};
  expect_kept_page(next, "the answer to the next client");
  slow.send(kept_request.substr(20));
  expect("the answer to the slow client", slow.receive_answer()).starts_with(line_200);
}

TEST_CASE("a client that has sent half of its content keeps nobody else waiting") {
  Server server{{.folder = "tests/site"}};
  Client slow{server};
  slow.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhello");
  slow.wait_until_read();
  Client next{server};
  expect_kept_page(next, "the answer to the next client");
  slow.send("world");
  expect("the answer to the slow client", slow.receive_answer()).starts_with("HTTP/1.1 405 ");
}

TEST_CASE("one thread serves all of them") {
  Server server{{.folder = "tests/site"}};
  std::list<Client> clients;
  for (int i = 0; i < 20; ++i) clients.emplace_back(server).send(kept_request.substr(0, i));
  for (Client& client : clients) client.wait_until_read();
  server.wait_until_at_rest();
  expect("threads of the server", support::count_threads(server.pid())).is(1);
}
