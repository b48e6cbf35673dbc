// Test cases: pictures that other threads compute for a server's loop, from outside.
#include "expect/expect.hpp"
#include "server/client.hpp"
#include "server/kept_clients.hpp"
#include "server/pictures.hpp"
#include "server/server.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <string>

using support::Client;
using support::count_answers;
using support::expect;
using support::expect_kept_page;
using support::field_of;
using support::kept_request_to_nowhere;
using support::length_in;
using support::line_404;
using support::long_time;
using support::request_for_picture;
using support::Server;
using support::slow_bytes;
using support::slow_picture;
using support::small_bytes;
using support::small_picture;
using support::with_limits;

TEST_CASE("requests that come in one piece are answered in order, those between pictures, too") {
  Server server{{.folder = "tests/site", .args = with_limits(4, long_time, long_time)}};
  Client client{server};
  client.send(slow_picture + std::string{kept_request_to_nowhere} + small_picture +
              std::string{kept_request_to_nowhere});
  expect("the length of the first picture", length_in(client.receive_answer())).is(slow_bytes);
  expect("the second answer", client.receive_answer()).starts_with(line_404);
  expect("the length of the second picture", length_in(client.receive_answer())).is(small_bytes);
  expect("the fourth answer", client.receive_answer()).starts_with(line_404);
}

TEST_CASE("a picture whose client has gone is nobody else's") {
  Server server{{.folder = "tests/site", .args = with_limits(1, long_time, long_time)}};
  for (int i = 0; i < 3; ++i) {
    Client goes{server};
    goes.send(request_for_picture("x=-0.1&zoom=100&size=256"));
    goes.wait_until_read();
    goes.reset();
    Client comes{server};  // on the same descriptor, most likely
    comes.send(small_picture);
    expect("the length of the picture", length_in(comes.receive_answer())).is(small_bytes);
    server.wait_until_at_rest();
    expect("whether more comes", comes.has_mail()).is(false);
  }
}

TEST_CASE("a picture that is computed when the server stops is sent, and is the last answer") {
  Server server{{.folder = "tests/site", .args = with_limits(2, long_time, long_time)}};
  Client client{server};
  client.send(slow_picture + std::string{kept_request_to_nowhere});
  client.wait_until_read();
  server.signal(SIGTERM);
  const support::Received answer = client.receive_all();
  expect("the length of the picture", length_in(answer.bytes)).is(slow_bytes);
  expect("its field Connection", field_of(answer.bytes, "Connection")).is("close");
  expect("answers", count_answers(answer.bytes)).is(1);
  client.close();
  expect("the server's exit status", static_cast<int>(server.wait())).is(0);
}

TEST_CASE("the server may stop while it computes a picture whose client has gone") {
  Server server{{.folder = "tests/site", .args = with_limits(2, long_time, long_time)}};
  Client client{server};
  client.send(slow_picture);
  client.wait_until_read();
  client.reset();
  Client other{server};
  expect_kept_page(other, "the answer to another client");
  server.signal(SIGTERM);
  expect("the server's exit status", static_cast<int>(server.wait())).is(0);
}
