// The other test cases are in tests/shared/keeps_connections.cpp.
#include "expect/expect.hpp"
#include "server/client.hpp"
#include "server/kept_clients.hpp"
#include "server/server.hpp"

#include <doctest/doctest.h>
#include <signal.h>

#include <cstddef>
#include <list>
#include <string>

using support::Client;
using support::count_answers;
using support::expect;
using support::expect_kept_page;
using support::field_of;
using support::kept_request;
using support::kept_request_to_nowhere;
using support::line_200;
using support::line_404;
using support::long_time;
using support::request_with;
using support::Server;
using support::with_limits;

TEST_CASE("a second request on the same connection is answered") {
  Server server{{.folder = "tests/site"}};
  Client client{server};
  client.send(kept_request);
  expect("the first answer", client.receive_answer()).starts_with(line_200);
  server.wait_until_at_rest();
  client.send(kept_request);
  expect("the second answer", client.receive_answer()).starts_with(line_200);
  expect_kept_page(client, "the third answer");
}

TEST_CASE("requests that come in one piece are answered one by one, in order") {
  Server server{{.folder = "tests/site"}};
  Client client{server};
  client.send(std::string{kept_request}.append(kept_request_to_nowhere).append(kept_request));
  expect("the first answer", client.receive_answer()).starts_with(line_200);
  expect("the second answer", client.receive_answer()).starts_with(line_404);
  expect("the third answer", client.receive_answer()).starts_with(line_200);
}

TEST_CASE("half a request behind a whole one is kept until the other half comes") {
  Server server{{.folder = "tests/site"}};
  Client client{server};
  client.send(std::string{kept_request}.append(kept_request_to_nowhere.substr(0, 20)));
  expect("the first answer", client.receive_answer()).starts_with(line_200);
  expect("the client hears nothing while half of the second request is missing", client.hears_nothing()).is(true);
  client.send(kept_request_to_nowhere.substr(20));
  expect("the second answer", client.receive_answer()).starts_with(line_404);
}

TEST_CASE("a second request that comes byte by byte is answered") {
  Server server{{.folder = "tests/site"}};
  Client client{server};
  expect_kept_page(client, "the first answer");
  client.send_byte_by_byte(kept_request_to_nowhere);
  expect("the second answer", client.receive_answer()).starts_with(line_404);
}

TEST_CASE("the limit for a header section is one for each, not one for all that have come") {
  Server server{{.folder = "tests/site"}};
  Client client{server};
  std::string all;
  for (const std::size_t size : {2'000, 2'000, 8'192, 8'000, 2'000, 8'192}) {
    std::string text = request_with("HTTP/1.1", {"Cookie: "});
    all += text.insert(text.size() - 4, size - text.size(), 'c');
  }
  client.send(all);
  for (int i = 1; i <= 6; ++i) {
    expect("the answer to request " + std::to_string(i), client.receive_answer()).starts_with(line_200);
  }
}

TEST_CASE("what one client has sent too much is no other client's") {
  Server server{{.folder = "tests/site", .args = with_limits(2, long_time, long_time)}};
  Client first{server};
  first.send(std::string{kept_request}.append(kept_request_to_nowhere.substr(0, 20)));
  expect("the first client's answer", first.receive_answer()).starts_with(line_200);
  Client second{server};
  expect_kept_page(second, "the second client's answer");
  first.send(kept_request_to_nowhere.substr(20));
  expect("the first client's second answer", first.receive_answer()).starts_with(line_404);
}

TEST_CASE("a client that asks for nothing more is let go without a word") {
  Server server{{.folder = "tests/site", .args = with_limits(1, long_time, 100)}};
  Client client{server};
  expect_kept_page(client, "the first answer");
  Client next{server};
  next.send(request_with("HTTP/1.1", {"Connection: close"}));  // the only worker waits for the first client
  expect("what the first client receives after its answer", client.receive_all()).is("");
  expect("the next client's answer", next.receive_all()).starts_with(line_200);
}

TEST_CASE("a second request that is never finished gets 408") {
  Server server{{.folder = "tests/site", .args = with_limits(4, 500, long_time)}};
  Client client{server};
  expect_kept_page(client, "the first answer");
  client.send(kept_request.substr(0, 20));
  const support::Received answer = client.receive_all();
  expect("the answer to half a request", answer).starts_with("HTTP/1.1 408 Request Timeout\r\n");
  expect("its field Connection", field_of(answer.bytes, "Connection")).is("close");
}

TEST_CASE("half a request behind a whole one gets 408, too, if it is never finished") {
  Server server{{.folder = "tests/site", .args = with_limits(4, 500, long_time)}};
  Client client{server};
  client.send(std::string{kept_request}.append(kept_request_to_nowhere.substr(0, 20)));
  expect("the first answer", client.receive_answer()).starts_with(line_200);
  expect("the answer to half a request", client.receive_all()).starts_with("HTTP/1.1 408 Request Timeout\r\n");
}

TEST_CASE("clients that ask for nothing are not waited for when the server stops") {
  Server server{{.folder = "tests/site", .args = with_limits(4, long_time, long_time)}};
  std::list<Client> clients;
  for (int i = 0; i < 3; ++i) expect_kept_page(clients.emplace_back(server), "the answer");
  server.wait_until_at_rest();
  ::kill(server.pid(), SIGTERM);
  for (Client& client : clients) {
    expect("what a client receives when the server stops", client.receive_all()).is("");
  }
  expect("the server's exit status", static_cast<int>(server.wait())).is(0);
}

TEST_CASE("the answer in flight when the server stops says close") {
  Server server{{.folder = "tests/site", .args = with_limits(4, long_time, long_time)}};
  Client client{server};
  expect_kept_page(client, "the first answer");
  client.send("GET /sleep?ms=300 HTTP/1.1\r\nHost: localhost\r\n\r\n");
  client.wait_until_read();
  server.wait_until_at_rest();
  ::kill(server.pid(), SIGTERM);
  const support::Received answer = client.receive_all();
  expect("the answer in flight", answer).starts_with(line_200);
  expect("its field Connection", field_of(answer.bytes, "Connection")).is("close");
  client.close();
  expect("the server's exit status", static_cast<int>(server.wait())).is(0);
}

TEST_CASE("a request that has begun is answered although the server stops, and is the last") {
  Server server{{.folder = "tests/site", .args = with_limits(4, long_time, long_time)}};
  Client client{server};
  expect_kept_page(client, "the first answer");
  client.send(kept_request.substr(0, 20));
  client.wait_until_read();
  server.wait_until_at_rest();
  ::kill(server.pid(), SIGTERM);
  server.wait_until_at_rest();
  client.send(kept_request.substr(20));
  const support::Received answer = client.receive_all();
  expect("the answer to the request that had begun", answer).starts_with(line_200);
  expect("its field Connection", field_of(answer.bytes, "Connection")).is("close");
  client.close();
  expect("the server's exit status", static_cast<int>(server.wait())).is(0);
}

TEST_CASE("content that nobody reads is not taken for a request") {
  Server server{{.folder = "tests/site", .args = with_limits(4, long_time, 1'000)}};
  Client client{server};
  client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(kept_request.size()) +
              "\r\n\r\n" + std::string{kept_request});
  const support::Received answers = client.receive_all();
  expect("the answer", answers).starts_with("HTTP/1.1 405 ");
  expect("answers", count_answers(answers.bytes)).is(1);
  expect("its field Connection", field_of(answers.bytes, "Connection")).is("close");
}

TEST_CASE("a client that is silent from the start gets 408 when its time for a header section is over") {
  constexpr int idle_ms = 100;
  const Server server{{.folder = "tests/site", .args = with_limits(4, 500, idle_ms)}};
  Client silent{server};
  expect("the answer to a client that has said nothing yet", silent.receive_all()).starts_with("HTTP/1.1 408 ");
}
