#include "client.hpp"
#include "expect.hpp"
#include "server.hpp"
#include "thread_pool.hpp"

#include <doctest/doctest.h>

#include <string_view>

using support::Client;
using support::expect;
using support::Server;

TEST_CASE("a server with a pool answers") {
  const ThreadPool pool{4};
  Server server{{.folder = "tests/site"}};
  Client client{server};
  client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  expect("the answer", client.receive_all()).starts_with("HTTP/1.1 200 OK\r\n");
}
