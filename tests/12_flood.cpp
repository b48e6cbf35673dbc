#include "client.hpp"
#include "expect.hpp"
#include "process_facts.hpp"
#include "server.hpp"

#include <doctest/doctest.h>

#include <list>

using support::Client;
using support::expect;
using support::Server;

TEST_CASE("200 silent clients get 64 threads at most, and no more") {
  Server server{{.folder = "tests/site"}};
  std::list<Client> clients;
  for (int i = 0; i < 200; ++i) clients.emplace_back(server);
  server.wait_until_at_rest();
  expect("threads of the server: 64, and the one that accepts", support::count_threads(server.pid())).is_at_most(65);
}
