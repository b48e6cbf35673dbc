#include "expect/expect.hpp"
#include "read_request.hpp"
#include "report/history.hpp"
#include "server/client.hpp"
#include "server/page_clients.hpp"
#include "server/server.hpp"
#include "socket.hpp"
#include "status.hpp"
#include "stop_signal.hpp"
#include "system/signals.hpp"

#include <doctest/doctest.h>
#include <poll.h>
#include <sys/socket.h>

#include <chrono>
#include <csignal>
#include <list>
#include <string>
#include <string_view>
#include <variant>

using std::chrono::milliseconds, std::chrono::steady_clock;
using support::Client;
using support::expect;
using support::page_request;
using support::Server;

namespace {

constexpr std::string_view half = "GET / HTTP/1.1\r\n";
constexpr std::string_view rest = "Host: localhost\r\n\r\n";
constexpr std::string_view line_200 = "HTTP/1.1 200 OK\r\n";
constexpr std::string_view line_408 = "HTTP/1.1 408 Request Timeout\r\n";
constexpr int workers = 4;

// A server with so little time for a header section that a test can wait for its end; or else, with ten seconds.
struct Impatient {
  Server server{{.folder = "tests/site", .args = {"0", "4", "200"}}};
};
struct Patient {
  Server server{{.folder = "tests/site"}};
};

// A connection within this program, whose server's end is given to read_request.
struct Connection {
  Connection() {
    int ends[2];
    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    client_end = Socket{ends[0]};
    server_end = Socket{ends[1]};
  }

  void client_sends(std::string_view text) const {
    REQUIRE(send(client_end.fd(), text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()));
  }

  std::string read_request(milliseconds time, const StopSignal& stop) const {
    const auto result = ::read_request(server_end, steady_clock::now() + time, stop);
    if (const auto* status = std::get_if<Status>(&result)) return "status " + std::to_string(static_cast<int>(*status));
    return std::get<std::string>(result);
  }

  Socket client_end{-1};
  Socket server_end{-1};
};

}  // namespace

TEST_CASE_FIXTURE(Patient, "silent clients do not keep the server from its end") {
  std::list<Client> silent;
  for (int i = 0; i < workers + 2; ++i) silent.emplace_back(server);
  poll(nullptr, 0, 50);  // time to be answered in by mistake; nothing is waited for
  server.wait_until_at_rest();
  support::history::clear();  // of clients that said nothing
  expect("whether a silent client is answered long before ten seconds are over", silent.front().has_mail()).is(false);
  server.signal(SIGTERM);
  server.wait_until_at_rest();
  expect("whether a silent client is answered when the server stops", silent.front().has_mail()).is(false);
  expect("the server's exit status", static_cast<int>(server.wait())).is(0);
  for (Client& client : silent) expect("what a silent client receives", client.receive_all()).is("");
}

TEST_CASE_FIXTURE(Impatient, "a client that says nothing gets 408 when its time is over") {
  Client client{server};
  expect("the answer", client.receive_all()).starts_with(line_408);
}

TEST_CASE_FIXTURE(Impatient, "a client that stops amid its request gets 408 when its time is over") {
  Client client{server};
  client.send(half);
  expect("the answer", client.receive_all()).starts_with(line_408);
}

TEST_CASE("a deadline that is over is over, and not far away") {
  const Connection connection;
  const StopSignal stop;
  expect("what a silent client ends in", connection.read_request(milliseconds{-1000}, stop)).is("status 408");
}

// It has half a second, so that it takes a very busy machine to hold up two bytes for so long.
TEST_CASE("a byte now and then wins no time") {
  Server server{{.folder = "tests/site", .args = {"0", "4", "500"}}};
  Client client{server};
  client.send("GET / HTTP/1.1\r\nHost: ");
  // Five seconds in all, which are only there against hanging.
  for (int bytes = 0; bytes < 500 && !client.has_mail() && !client.closed(); ++bytes) {
    client.send("l");
    poll(nullptr, 0, 10);
  }
  expect("whether there is an answer while the client goes on", client.has_mail()).is(true);
  expect("the answer", client.receive_all()).starts_with(line_408);
}

TEST_CASE_FIXTURE(Impatient, "as many silent clients as workers do not keep the next client waiting for ever") {
  std::list<Client> slow;
  for (int i = 0; i < workers; ++i) slow.emplace_back(server).send(i % 2 == 0 ? "" : half);
  server.wait_until_at_rest();
  Client next{server};
  next.send(page_request);
  for (Client& client : slow) {
    expect("the answer to a client that says nothing, or half of it", client.receive_all()).starts_with(line_408);
    client.close();
  }
  expect("the answer to the fifth client", next.receive_all()).starts_with(line_200);
}

TEST_CASE_FIXTURE(Patient, "a request that has begun before the signal is answered") {
  Client client{server};
  client.send(half);
  client.wait_until_read();
  server.signal(SIGTERM);
  server.wait_until_at_rest();
  client.send(rest);
  expect("the answer", client.receive_all()).starts_with(line_200);
  expect("the server's exit status", static_cast<int>(server.wait())).is(0);
}

TEST_CASE_FIXTURE(Patient, "a request that waits for a worker when the signal comes is answered") {
  std::list<Client> slow;
  for (int i = 0; i < workers; ++i) {
    slow.emplace_back(server).send(half);
    slow.back().wait_until_read();
  }
  Client waits{server};
  waits.send(page_request);
  server.wait_until_at_rest();
  server.signal(SIGTERM);
  server.wait_until_at_rest();
  for (Client& client : slow) client.send(rest);
  expect("the answer", waits.receive_all()).starts_with(line_200);
}

TEST_CASE_FIXTURE(Impatient, "after the signal, a request that has begun has no more time than before") {
  Client client{server};
  client.send(half);
  client.wait_until_read();
  server.signal(SIGTERM);
  expect("the answer", client.receive_all()).starts_with(line_408);
  client.close();
  expect("the server's exit status", static_cast<int>(server.wait())).is(0);
}

TEST_CASE("nobody is late before the deadline") {
  const Connection connection;
  const StopSignal stop;
  const auto begin = steady_clock::now();
  connection.client_sends(half);
  expect("what half a request ends in", connection.read_request(milliseconds{100}, stop)).is("status 408");
  const auto milliseconds_passed = std::chrono::duration_cast<milliseconds>(steady_clock::now() - begin).count();
  expect("milliseconds until then, of 100", milliseconds_passed).is_at_least(99);
}

TEST_CASE("a signal that has another purpose does not end the wait for a client") {
  const StopSignal stop;
  const Connection connection;
  const auto speak = [&] { connection.client_sends(page_request); };
  const support::Interruptions interruptions{3, speak};
  expect("the header section", connection.read_request(milliseconds{10'000}, stop)).is(page_request);
}

TEST_CASE("when the server stops, a client that has said nothing ends in nothing, and one that has begun goes on") {
  const StopSignal stop;
  const Connection silent;
  const Connection slow;
  const Connection speaks;
  slow.client_sends(half);
  speaks.client_sends(page_request);
  std::raise(SIGTERM);
  for (int i = 0; i < 2; ++i) {
    expect("what a silent client ends in", silent.read_request(milliseconds{10'000}, stop)).is("");
  }
  expect("what half a request ends in", slow.read_request(milliseconds{50}, stop)).is("status 408");
  expect("what a request ends in", speaks.read_request(milliseconds{10'000}, stop)).is(page_request);
}
