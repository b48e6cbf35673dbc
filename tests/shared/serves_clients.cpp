// Test cases: the server with a pool of four, from outside.
#include "expect/expect.hpp"
#include "server/client.hpp"
#include "server/crowd.hpp"
#include "server/server.hpp"
#include "system/process_facts.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <list>
#include <string_view>

// What each test begins with: the server, and clients that have each said half a request, which a worker has read.
struct BusyServer {
  static constexpr std::string_view half = "GET / HTTP/1.1\r\n";
  static constexpr std::string_view rest = "Host: localhost\r\n\r\n";
  static constexpr int workers = 4;

  void occupy_workers(int count) {
    for (int i = 0; i < count; ++i) {
      slow.emplace_back(server).send(half);
      slow.back().wait_until_read();
    }
  }

  support::Server server{support::ServerOptions{.folder = "tests/site"}};
  std::list<support::Client> slow;
};

TEST_CASE_FIXTURE(BusyServer, "as many slow clients are served at the same time as there are workers") {
  occupy_workers(workers);
  while (!slow.empty()) {  // the last comes first
    slow.back().send(rest);
    support::expect("the answer", slow.back().receive_all()).starts_with("HTTP/1.1 200 OK\r\n");
    slow.pop_back();
  }
}

TEST_CASE_FIXTURE(BusyServer, "whoever comes when all workers are busy waits, and is answered then") {
  occupy_workers(workers);
  support::Client next{server};
  next.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  server.wait_until_at_rest();
  support::expect("the fifth client is answered before a worker is free", next.has_mail()).is(false);
  slow.front().send(rest);
  support::expect("the first client's answer", slow.front().receive_all()).starts_with("HTTP/1.1 200 OK\r\n");
  support::expect("the fifth client's answer", next.receive_all()).starts_with("HTTP/1.1 200 OK\r\n");
}

TEST_CASE_FIXTURE(BusyServer, "the server has no more threads, however many clients come") {
  occupy_workers(workers);
  for (int i = 0; i < 40; ++i) slow.emplace_back(server).send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  server.wait_until_at_rest();
  support::expect("threads of the server: four workers, and the one that accepts", support::count_threads(server.pid()))
      .is_at_most(workers + 1);
  for (int i = 0; i < workers; ++i) slow.pop_front();
  for (; !slow.empty(); slow.pop_front()) {
    support::expect("the answer", slow.front().receive_all()).starts_with("HTTP/1.1 200 OK\r\n");
  }
}

// Without sanitizers, where a request costs a tenth, 10,000; ./learn verify runs that. In a learner's loop, 256.
TEST_CASE("of thousands of requests from 64 clients, none is lost or answered twice") {
  constexpr int requests = support::sanitized ? 256 : 10'000;
  constexpr std::string_view request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
  const support::Server server{{.folder = "tests/site"}};
  support::Client first{server};
  first.send(request);
  const support::Received answer = first.receive_all();
  support::expect("the first answer", answer).starts_with("HTTP/1.1 200 OK\r\n");
  first.close();
  const int good = support::ask_as_crowd(server.port(), 64, requests, request, answer.bytes);
  support::expect("requests that got their answer, whole and once", good).is(requests);
}
