// The other test cases are in tests/shared: what the limits are for, in keeps_time.cpp.
#include "connection.hpp"

#include "expect/expect.hpp"
#include "limits.hpp"
#include "listener.hpp"
#include "report/history.hpp"
#include "server/client.hpp"
#include "server/kept_clients.hpp"
#include "server/server.hpp"
#include "socket.hpp"
#include "system/process_facts.hpp"

#include <doctest/doctest.h>
#include <poll.h>
#include <signal.h>

#include <chrono>
#include <list>
#include <string>
#include <string_view>

using std::chrono::milliseconds, std::chrono::steady_clock;
using support::Client;
using support::expect;
using support::expect_kept_page;
using support::field_of;
using support::kept_request_to_nowhere;
using support::line_200;
using support::line_404;
using support::long_time;
using support::Server;
using support::with_limits;

namespace {

// Clients have a longer time than a test lasts.
struct Patient {
  Server server{{.folder = "tests/site", .args = with_limits(4, long_time, long_time)}};
};

std::string sleep_request(int ms, std::string_view method = "GET") {
  return std::string{method} + " /sleep?ms=" + std::to_string(ms) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
}

long long since(steady_clock::time_point begin) {
  return std::chrono::duration_cast<milliseconds>(steady_clock::now() - begin).count();
}

constexpr std::string_view post = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n";

// A connection within this program, whose server's end is a Connection.
struct BothEnds {
  explicit BothEnds(const Limits& limits)
      : listener{listen_on(0)}, client{port_of(listener)}, server{accept_connection(listener), limits} {}

  void client_sends(std::string_view text) {
    client.send(text);
    pollfd input{server.fd(), POLLIN, 0};
    poll(&input, 1, 5'000);
    expect("whether the connection goes on", server.go_on()).is(true);
  }

  // How long the connection waits at most, if nothing comes.
  long long seconds_left() const {
    return std::chrono::round<std::chrono::seconds>(server.deadline() - steady_clock::now()).count();
  }

  Socket listener;
  Client client;
  Connection server;
};

}  // namespace

TEST_CASE_FIXTURE(Patient, "clients that wait for /sleep hold up nobody") {
  std::list<Client> sleeping;
  for (int i = 0; i < 20; ++i) {
    sleeping.emplace_back(server).send(sleep_request(600));
  }
  sleeping.front().wait_until_read();
  support::history::clear();  // of clients that wait
  Client next{server};
  expect_kept_page(next, "the answer to the next client");
  for (Client& client : sleeping) {
    expect("the answer of /sleep", client.receive_answer()).ends_with("\r\n\r\nslept 600 ms\n");
  }
}

TEST_CASE("the limits are not for a client whose answer takes longer") {
  Server server{{.folder = "tests/site", .args = with_limits(4, 200, 200)}};
  Client client{server};
  client.send(sleep_request(700));
  expect("the answer of /sleep", client.receive_answer()).ends_with("\r\n\r\nslept 700 ms\n");
}

TEST_CASE_FIXTURE(Patient, "/sleep is answered once, and not before its time") {
  Client client{server};
  const auto begin = steady_clock::now();
  client.send(sleep_request(200) + sleep_request(300));
  expect("the first answer", client.receive_answer()).ends_with("\r\n\r\nslept 200 ms\n");
  expect("milliseconds until then", since(begin)).is_at_least(199);
  expect("the second answer", client.receive_answer()).ends_with("\r\n\r\nslept 300 ms\n");
  expect("milliseconds until then", since(begin)).is_at_least(499);
  expect("whether the client hears nothing more", client.hears_nothing()).is(true);
  client.send(sleep_request(50, "HEAD") + std::string{kept_request_to_nowhere});
  expect("the answer to HEAD", client.receive_answer_to_head()).contains("\r\nContent-Length: 12\r\n");
  expect("the answer to the request behind it", client.receive_answer()).starts_with(line_404);
}

TEST_CASE_FIXTURE(Patient, "a hundred clients sleep at the same time, and none of them has a thread") {
  std::list<Client> sleeping;
  for (int i = 0; i < 100; ++i) sleeping.emplace_back(server);
  const int threads = support::count_threads(server.pid());
  const auto begin = steady_clock::now();
  for (Client& client : sleeping) client.send(sleep_request(300));
  support::history::clear();
  sleeping.front().wait_until_read();
  expect("threads that came with them", support::count_threads(server.pid()) - threads).is(0);
  for (Client& client : sleeping) {
    expect("the answer of /sleep", client.receive_answer()).ends_with("\r\n\r\nslept 300 ms\n");
  }
  expect("milliseconds for all of them, of 30,000 one after the other", since(begin)).is_at_most(10'000);
}

TEST_CASE_FIXTURE(Patient, "a client that has finished sending while it waits for /sleep is answered") {
  Client client{server};
  client.send(sleep_request(300));
  client.finish_sending();
  expect("the answer", client.receive_answer()).ends_with("\r\n\r\nslept 300 ms\n");
  expect("what follows it", client.receive_all()).is("");
}

TEST_CASE_FIXTURE(Patient, "the answer of /sleep that is awaited when the server stops says close") {
  Client client{server};
  client.send(sleep_request(400));
  client.wait_until_read();
  server.wait_until_at_rest();
  ::kill(server.pid(), SIGTERM);
  const support::Received answer = client.receive_all();
  expect("the answer of /sleep", answer).ends_with("\r\n\r\nslept 400 ms\n");
  expect("its field Connection", field_of(answer.bytes, "Connection")).is("close");
  expect("the server's exit status", static_cast<int>(server.wait())).is(0);  // although this client does not close
}

TEST_CASE("content has thirty seconds, and a client that does not read has ten") {
  const Limits limits{.header_time = milliseconds{60'000}, .idle_time = milliseconds{50'000}};
  BothEnds ends{limits};
  expect("seconds for a header section", ends.seconds_left()).is(60);
  ends.client_sends(post);
  expect("seconds for content", ends.seconds_left()).is(30);
  ends.client_sends("hello");
  expect("seconds until the next request", ends.seconds_left()).is(50);
  std::string pictures;  // 10 MB, more than the system keeps for a client that does not read
  for (int i = 0; i < 10; ++i) pictures += "GET /mandelbrot?size=1024&x=2&y=2 HTTP/1.1\r\nHost: localhost\r\n\r\n";
  ends.client_sends(pictures);
  expect("seconds for a client to take some of its answer", ends.seconds_left()).is(10);
}
