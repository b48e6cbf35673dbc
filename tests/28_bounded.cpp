// More test cases are in tests/shared: meson.build names those of this stage.
#include "expect/expect.hpp"
#include "implement_bounded.hpp"
#include "report/history.hpp"
#include "report/place.hpp"
#include "server/client.hpp"
#include "server/page_clients.hpp"
#include "server/server.hpp"
#include "system/process_facts.hpp"
#include "thread_pool.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <list>
#include <string_view>

using support::Client;
using support::count_descriptors;
using support::count_threads;
using support::expect;
using support::page_request;

namespace {

constexpr int workers = 4;
constexpr int max_waiting = 64;

// A server that has no room for another client: each worker waits for the rest of a request, and as many clients wait
// for a worker as may.
struct FullServer {
  FullServer() {
    for (int i = 0; i < workers; ++i) {
      slow.emplace_back(server).send("GET / HTTP/1.1\r\n");
      slow.back().wait_until_read();
    }
    for (int i = 0; i < max_waiting; ++i) waiting.emplace_back(server).send(page_request);
    server.wait_until_at_rest();
    support::history::clear();  // of clients that have done what they should
  }

  // The workers are free again.
  void free_workers() {
    for (Client& client : slow) client.send("Host: localhost\r\n\r\n");
  }

  support::Server server{support::ServerOptions{.folder = "tests/site"}};
  std::list<Client> slow;
  std::list<Client> waiting;
};

void expect_refused(Client& client, std::string_view what, support::Place place = support::Place::here()) {
  const support::Received answer = client.receive_all(place);
  expect(what, answer, place).starts_with("HTTP/1.1 503 Service Unavailable\r\n");
  expect(what, answer, place).contains("\r\nRetry-After: ");
}

}  // namespace

TEST_CASE_FIXTURE(FullServer, "when 64 clients wait for a worker, the next one gets 503 at once") {
  Client next{server};
  next.send(page_request);
  expect_refused(next, "the answer to the client for whom there is no room");
}

TEST_CASE_FIXTURE(FullServer, "the clients that wait are served when a worker is free, and then there is room again") {
  Client refused{server};
  expect_refused(refused, "the answer to the client for whom there is no room");
  free_workers();
  for (Client& client : waiting) {
    expect("the answer to a client that has waited", client.receive_all()).starts_with("HTTP/1.1 200 OK\r\n");
    client.close();
  }
  support::expect_served(server, "the answer to a client that comes when nobody waits");
}

// The server is stopped until the request is there: as if main were late.
TEST_CASE_FIXTURE(FullServer, "a refused client whose request has come before gets its answer, and no reset") {
  ::kill(server.pid(), SIGSTOP);
  Client refused{server};
  refused.send(page_request);
  ::kill(server.pid(), SIGCONT);
  server.wait_until_at_rest();
  expect("whether the server resets the connection of a client that may still read", refused.was_reset()).is(false);
  expect_refused(refused, "the answer to the client for whom there is no room");
}

TEST_CASE_FIXTURE(FullServer, "a refused client that sends its request after the answer is not reset") {
  Client refused{server};
  expect_refused(refused, "the answer to the client for whom there is no room");
  refused.send(page_request);
  server.wait_until_at_rest();
  expect("whether the server resets the connection of a client that may still read", refused.was_reset()).is(false);
}

// Half of them say nothing: whoever refuses them must not wait for their requests.
TEST_CASE_FIXTURE(FullServer, "in a flood, each client for whom there is no room gets 503, and costs next to nothing") {
  constexpr int flood = 300;
  const int before = count_descriptors(server.pid());
  std::list<Client> refused;
  for (int i = 0; i < flood; ++i) {
    refused.emplace_back(server);
    if (i % 2 == 0) refused.back().send(page_request);
  }
  server.wait_until_at_rest();
  support::history::clear();
  expect("threads of the server: four workers, and the one that accepts", count_threads(server.pid())).is(workers + 1);
  expect("descriptors that the server keeps for 300 clients that it has refused",
         count_descriptors(server.pid()) - before)
      .is_at_most(flood / 2);
  for (Client& client : refused) expect_refused(client, "the answer to each client of the flood");
  free_workers();
  expect("the answer to the first client that has waited", waiting.front().receive_all())
      .starts_with("HTTP/1.1 200 OK\r\n");
}
