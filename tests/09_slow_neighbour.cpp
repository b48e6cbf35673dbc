#include "expect/expect.hpp"
#include "server/client.hpp"
#include "server/page_clients.hpp"
#include "server/server.hpp"
#include "system/process_facts.hpp"

#include <doctest/doctest.h>

#include <cstdio>
#include <fstream>
#include <list>
#include <string>
#include <string_view>

using support::Client;
using support::count_descriptors;
using support::count_threads;
using support::expect;
using support::expect_page;
using support::expect_served;
using support::page_request;
using support::Server;

namespace {

// Longer than any test takes; a server may end while it is at that.
constexpr std::string_view slow_request = "GET /sleep?ms=2000 HTTP/1.1\r\nHost: localhost\r\n\r\n";

// How many stacks a process has, the ones that the system has not freed among them: below each is a small region that
// nothing may touch.
int count_stacks(pid_t process) {
  std::ifstream regions{"/proc/" + std::to_string(process) + "/maps"};
  int stacks = 0;
  for (std::string region; std::getline(regions, region);) {
    unsigned long begin = 0;
    unsigned long end = 0;
    char access[5] = {};
    if (std::sscanf(region.c_str(), "%lx-%lx %4s", &begin, &end, access) != 3) continue;
    if (std::string_view{access} == "---p" && end - begin <= 65'536) ++stacks;
  }
  return stacks;
}

}  // namespace

TEST_CASE("a client that says nothing does not hold up the next one") {
  Server server{{.folder = "tests/site"}};
  Client silent{server};
  server.wait_until_at_rest();
  expect_served(server);
  expect_page(silent, "the answer to the first client, when it speaks at last");
}

TEST_CASE("clients are answered in the order in which they speak") {
  Server server{{.folder = "tests/site"}};
  std::list<Client> clients;
  for (int i = 0; i < 10; ++i) clients.emplace_back(server);
  server.wait_until_at_rest();
  for (auto client = clients.rbegin(); client != clients.rend(); ++client) expect_page(*client);
}

TEST_CASE("a page that takes its time does not hold up the next client") {
  Server server{{.folder = "tests/site"}};
  Client slow{server};
  slow.send(slow_request);
  server.wait_until_at_rest();
  expect_served(server);
  expect("the slow page has come before the quick one", slow.closed()).is(false);
}

TEST_CASE("each client has a thread of its own, and the thread ends with it") {
  Server server{{.folder = "tests/site"}};
  std::list<Client> clients;
  for (int i = 0; i < 5; ++i) clients.emplace_back(server);
  server.wait_until_at_rest();
  expect("threads for 5 clients, and the one that accepts", count_threads(server.pid())).is(6);
  for (Client& client : clients) expect_page(client);
  expect("threads when the clients are served", [&] { return count_threads(server.pid()); }).becomes(1);
}

TEST_CASE("what the system kept for a client's thread is freed when the thread has ended") {
  Server server{{.folder = "tests/site"}};
  const auto serve_one = [&] {
    expect_served(server);
    expect("threads when the client is served", [&] { return count_threads(server.pid()); }).becomes(1);
  };
  serve_one();
  const int before = count_stacks(server.pid());
  constexpr int clients = 20;
  for (int i = 0; i < clients; ++i) serve_one();
  // The system may keep a few, to use them again.
  expect("stacks that were kept of 20 threads that have ended", count_stacks(server.pid()) - before)
      .is_at_most(clients / 2);
}

TEST_CASE("a client that is done leaves no descriptor behind") {
  Server server{{.folder = "tests/site"}};
  const int before = count_descriptors(server.pid());
  Client{server}.close();
  for (int i = 0; i < 5; ++i) expect_served(server);
  expect("open descriptors", [&] { return count_descriptors(server.pid()); }).becomes(before);
}

TEST_CASE("a client that has nothing left to say is not waited for") {
  Server server{{.folder = "tests/site"}};
  const int before = count_descriptors(server.pid());
  Client client{server};
  client.send(page_request);
  expect("the answer", client.receive_all()).starts_with("HTTP/1.1 200 OK\r\n");
  expect("open descriptors, while the client has closed nothing", count_descriptors(server.pid())).is(before);
}

TEST_CASE("a client whose content is still to come is waited for") {
  Server server{{.folder = "tests/site"}};
  const int before = count_descriptors(server.pid());
  Client client{server};
  client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n");
  expect("the answer", client.receive_all()).starts_with("HTTP/1.1 405 ");
  expect("open descriptors, for a second after the answer", count_descriptors(server.pid())).is(before + 1);
}

TEST_CASE("a client that has sent more than a request is not reset") {
  Server server{{.folder = "tests/site"}};
  Client client{server};
  client.send(std::string{page_request}.append(20'000, '.'));
  expect("the answer", client.receive_all()).starts_with("HTTP/1.1 200 OK\r\n");
}

TEST_CASE("no error is reported where there is none") {
  Server server{{.folder = "tests/site"}};
  expect_served(server);
  server.wait_until_at_rest();
  expect("what the server reports", server.stderr_text()).is("");
}

TEST_CASE("clients that vanish hurt nobody") {
  Server server{{.folder = "tests/site"}};
  const int before = count_descriptors(server.pid());
  Client leaves_midway{server};
  leaves_midway.send("GET / HTT");
  Client leaves_before_the_answer{server};
  leaves_before_the_answer.send("GET /sleep?ms=50 HTTP/1.1\r\nHost: localhost\r\n\r\n");
  Client stays{server};
  server.wait_until_at_rest();
  leaves_midway.reset();
  leaves_before_the_answer.reset();
  expect_page(stays, "the answer to the client that stays");
  expect_served(server);
  expect("open descriptors", [&] { return count_descriptors(server.pid()); }).becomes(before);
}

TEST_CASE("many clients that come at once are all answered") {
  Server server{{.folder = "tests/site"}};
  std::list<Client> clients;
  for (int i = 0; i < 20; ++i) clients.emplace_back(server).send(page_request);
  for (Client& client : clients) {
    expect("the answer", client.receive_all()).starts_with("HTTP/1.1 200 OK\r\n");
    client.close();
  }
}
