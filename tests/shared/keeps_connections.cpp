// Test cases: how long a server keeps a connection open, from outside.
#include "expect/expect.hpp"
#include "report/place.hpp"
#include "server/client.hpp"
#include "server/kept_clients.hpp"
#include "server/server.hpp"
#include "system/process_facts.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <ctime>
#include <string>
#include <string_view>

using support::Client;
using support::count_answers;
using support::count_descriptors;
using support::expect;
using support::expect_kept_page;
using support::field_of;
using support::kept_request;
using support::kept_request_to_nowhere;
using support::line_200;
using support::line_404;
using support::long_time;
using support::Place;
using support::request_with;
using support::Server;
using support::with_limits;

namespace {

constexpr std::string_view last_request = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

// The client gets an answer that says keep-alive, and then another one.
void expect_stays(const Server& server, const std::string& text, Place place = Place::here()) {
  Client client{server, place};
  client.send(text, place);
  const std::string answer = client.receive_answer(place);
  expect("the answer", answer, place).starts_with(line_200);
  expect("its field Connection", field_of(answer, "Connection"), place).is("keep-alive");
  expect_kept_page(client, "the answer to the next request", place);
}

// The client gets an answer that says close, and then the end.
void expect_closes(const Server& server, const std::string& text, Place place = Place::here()) {
  Client client{server, place};
  client.send(text, place);
  const support::Received answer = client.receive_all(place);
  expect("the answer", answer, place).starts_with(line_200);
  expect("its field Connection", field_of(answer.bytes, "Connection"), place).is("close");
}

}  // namespace

TEST_CASE("a client that says close gets one answer, and then the end") {
  Server server{{.folder = "tests/site"}};
  expect_closes(server, request_with("HTTP/1.1", {"Connection: close"}));
  expect_closes(server, request_with("HTTP/1.1", {"connection: Close"}));
  expect_closes(server, request_with("HTTP/1.1", {"Connection: Keep-Alive, Close"}));
  expect_closes(server, request_with("HTTP/1.1", {"Connection: close ,Upgrade"}));
  expect_closes(server, request_with("HTTP/1.1", {"Connection: keep-alive", "Connection: close"}));
}

TEST_CASE("nothing is answered after the request that says close") {
  Server server{{.folder = "tests/site"}};
  Client client{server};
  client.send(std::string{last_request}.append(kept_request_to_nowhere));
  const support::Received answers = client.receive_all();
  expect("the answer", answers).starts_with(line_200);
  expect("answers", count_answers(answers.bytes)).is(1);
}

TEST_CASE("a client that says something else than close may send another request") {
  Server server{{.folder = "tests/site"}};
  expect_stays(server, request_with("HTTP/1.1", {"Connection: closed-door"}));
  expect_stays(server, request_with("HTTP/1.1", {"X-Connection: close"}));
  expect_stays(server, request_with("HTTP/1.1", {"Connection: keep-alive"}));
}

TEST_CASE("a client of HTTP/1.0 gets one answer, unless it says keep-alive") {
  Server server{{.folder = "tests/site"}};
  expect_closes(server, request_with("HTTP/1.0", {}));
  expect_closes(server, request_with("HTTP/1.0", {"Connection: x-keep-alive"}));
  expect_closes(server, request_with("HTTP/1.0", {"Connection: keep-alive, close"}));
  expect_stays(server, request_with("HTTP/1.0", {"Connection: keep-alive"}));
  expect_stays(server, request_with("HTTP/1.0", {"Connection: Upgrade, Keep-Alive"}));
}

TEST_CASE("HEAD has no content, and the next answer begins right behind its fields") {
  Server server{{.folder = "tests/site"}};
  Client client{server};
  client.send("HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  expect("the answer to HEAD", client.receive_answer_to_head()).starts_with(line_200);
  client.send(kept_request_to_nowhere);
  expect("the answer to the next request", client.receive_answer()).starts_with(line_404);
}

TEST_CASE("a request that is wrong is the last one") {
  struct Wrong {
    std::string text;
    std::string_view line;
  };
  const Wrong requests[] = {
      {"GET /\r\n\r\n", "HTTP/1.1 400 Bad Request\r\n"},
      {request_with("HTTP/1.1", {"Cookie: " + std::string(9'000, 'c')}),
       "HTTP/1.1 431 Request Header Fields Too Large\r\n"},
  };
  Server server{{.folder = "tests/site"}};
  for (const auto& [text, line] : requests) {
    Client client{server};
    expect_kept_page(client, "the first answer");
    client.send(text + std::string{kept_request});
    const support::Received answers = client.receive_all();
    expect("the second answer", answers).starts_with(line);
    expect("answers to the second request and what follows it", count_answers(answers.bytes)).is(1);
    expect("its field Connection", field_of(answers.bytes, "Connection")).is("close");
  }
}

TEST_CASE("the 1,000th request on a connection is the last") {
  Server server{{.folder = "tests/site", .args = with_limits(4, long_time, 1'000)}};
  Client client{server};
  std::string all;
  for (int i = 1; i <= 1'001; ++i) all += "GET /favicon.svg HTTP/1.1\r\nHost: localhost\r\n\r\n";
  client.send(all);
  const support::Received answers = client.receive_all();
  expect("answers", count_answers(answers.bytes)).is(1'000);
  const std::size_t last = answers.bytes.rfind("HTTP/1.1 ");
  const std::size_t before = answers.bytes.rfind("HTTP/1.1 ", last - 1);
  const std::string_view bytes = answers.bytes;
  expect("the field Connection of the last but one", field_of(bytes.substr(before), "Connection")).is("keep-alive");
  expect("the field Connection of the last", field_of(bytes.substr(last), "Connection")).is("close");
}

TEST_CASE("a client that closes or resets between two requests leaves nothing behind") {
  Server server{{.folder = "tests/site", .args = with_limits(4, long_time, long_time)}};
  server.wait_until_at_rest();  // some descriptors are made after it listens
  const int before = count_descriptors(server.pid());
  Client closes{server};
  Client resets{server};
  Client leaves_midway{server};
  for (Client* client : {&closes, &resets, &leaves_midway}) expect_kept_page(*client, "the first answer");
  closes.close();
  resets.reset();
  leaves_midway.send(kept_request.substr(0, 20));
  leaves_midway.finish_sending();
  expect("the answer to half a request, after which the client has finished", leaves_midway.receive_all())
      .starts_with("HTTP/1.1 400 ");
  leaves_midway.close();
  expect("open descriptors", [&] { return count_descriptors(server.pid()); }).becomes(before);
  expect("mentions of a descriptor that is not open", server.stderr_text()).does_not_contain("Bad file descriptor");
}

TEST_CASE("an empty line before a request is no request") {
  Server server{{.folder = "tests/site"}};
  Client client{server};
  client.send(std::string{kept_request}.append("\r\n").append(kept_request_to_nowhere));
  expect("the first answer", client.receive_answer()).starts_with(line_200);
  expect("the answer to the request after the empty line", client.receive_answer()).starts_with(line_404);
}

TEST_CASE("each answer has the date, as HTTP writes it") {
  constexpr const char* form = "%a, %d %b %Y %H:%M:%S GMT";  // RFC 9110 §5.6.7
  Server server{{.folder = "tests/site"}};
  Client client{server};
  client.send(kept_request);
  const std::string answer = client.receive_answer();
  const std::string date{field_of(answer, "Date")};
  std::tm parts{};
  expect("the date can be read", ::strptime(date.c_str(), form, &parts) != nullptr).is(true);
  std::time_t when = ::timegm(&parts);
  char text[64];
  const std::size_t size = std::strftime(text, sizeof text, form, ::gmtime_r(&when, &parts));
  expect("the date", date).is(std::string{text, size});
  expect("seconds from now", when > std::time(nullptr) ? when - std::time(nullptr) : std::time(nullptr) - when)
      .is_at_most(3'600);
}
