// The other test cases are in tests/shared: keeps_connections.cpp and refuses_doubt.cpp.
#include "content.hpp"

#include "expect/expect.hpp"
#include "server/client.hpp"
#include "server/kept_clients.hpp"
#include "server/server.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

using support::Client;
using support::count_answers;
using support::expect;
using support::field_of;
using support::kept_request;
using support::kept_request_to_nowhere;
using support::line_200;
using support::line_404;
using support::long_time;
using support::Place;
using support::Server;
using support::with_limits;

namespace {

constexpr std::string_view line_400 = "HTTP/1.1 400 Bad Request\r\n";
constexpr std::string_view line_405 = "HTTP/1.1 405 Method Not Allowed\r\n";
constexpr std::string_view line_413 = "HTTP/1.1 413 Content Too Large\r\n";
constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";

std::string post_of(std::string_view fields) {
  return "POST / HTTP/1.1\r\nHost: localhost\r\n" + std::string{fields} + "\r\n";
}

std::string post_of_size(std::size_t size) {
  return post_of("Content-Length: " + std::to_string(size) + "\r\n");
}

std::string post_in_chunks(std::string_view chunks) {
  return post_of("Transfer-Encoding: chunked\r\n") + std::string{chunks};
}

// The client sends this request with its content, and behind it another request. Both are answered.
void expect_both(const Server& server, const std::string& request, Place place = Place::here()) {
  Client client{server, place};
  client.send(request + std::string{kept_request_to_nowhere}, place);
  expect("the answer to the request with content", client.receive_answer(place), place).starts_with(line_405);
  expect("the answer to the request behind it", client.receive_answer(place), place).starts_with(line_404);
}

// The client sends this, and nothing is answered that it sends behind it.
void expect_the_end(const Server& server, std::string_view what, const std::string& request, std::string_view line,
                    Place place = Place::here()) {
  Client client{server, place};
  client.send(request + std::string{kept_request_to_nowhere}, place);
  const support::Received answers = client.receive_all(place);
  expect(what, answers, place).starts_with(line);
  expect("answers to this request, and to what follows it", count_answers(answers.bytes), place).is(1);
  expect("its field Connection", field_of(answers.bytes, "Connection"), place).is("close");
}

}  // namespace

TEST_CASE("the content of a request is not answered as if it were another request") {
  Server server{{.folder = "tests/site"}};
  Client client{server};
  client.send(post_of_size(kept_request.size()) + std::string{kept_request});
  expect("the answer to the request", client.receive_answer()).starts_with(line_405);
  if (!client.hears_nothing()) expect("what the server answers to the content", client.receive_answer()).is("");
  client.send(kept_request_to_nowhere);
  expect("the answer to the next request", client.receive_answer()).starts_with(line_404);
}

TEST_CASE("content of any length is dropped, however it comes") {
  Server server{{.folder = "tests/site"}};
  expect_both(server, post_of_size(0));
  expect_both(server, post_of_size(5) + "hello");
  expect_both(server, post_of_size(100'000) + std::string(100'000, 'x'));
  Client client{server};
  client.send_byte_by_byte(post_of_size(5) + "hello");
  expect("the answer, when each byte comes by itself", client.receive_answer()).starts_with(line_405);
  client.send_in_pieces(
      {post_of_size(5000), std::string(3000, 'x'), std::string(2000, 'x') + std::string{kept_request_to_nowhere}});
  expect("the answer, when the last piece holds another request", client.receive_answer()).starts_with(line_405);
  expect("the answer to the other request", client.receive_answer()).starts_with(line_404);
}

TEST_CASE("chunks are dropped up to the last, however they come") {
  constexpr std::string_view chunks = "5\r\nhello\r\nA;name=value\r\n0123456789\r\n00c ;x\r\nhello, world\r\n0\r\n\r\n";
  Server server{{.folder = "tests/site"}};
  expect_both(server, post_in_chunks("0\r\n\r\n"));
  expect_both(server, post_in_chunks("5\r\nhello\r\n0\r\n\r\n"));
  expect_both(server, post_in_chunks(chunks));
  expect_both(server, post_in_chunks("2710\r\n" + std::string(10'000, 'x') + "\r\n0\r\nName: value\r\n\r\n"));
  expect_both(server, post_of("transfer-encoding: Chunked\r\n") + "0\r\n\r\n");
  Client client{server};
  client.send_byte_by_byte(post_in_chunks(chunks));
  expect("the answer, when each byte comes by itself", client.receive_answer()).starts_with(line_405);
}

TEST_CASE("a page that is asked for with content is sent, and the content dropped") {
  Server server{{.folder = "tests/site"}};
  Client client{server};
  client.send("GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello" +
              std::string{kept_request_to_nowhere});
  expect("the answer", client.receive_answer()).starts_with(line_200);
  expect("the answer to the request behind it", client.receive_answer()).starts_with(line_404);
}

TEST_CASE("a million bytes of content are received, and not one more") {
  Server server{{.folder = "tests/site", .args = with_limits(4, long_time, 1'000)}};
  constexpr std::size_t most = 1'000'000;
  const std::string content(most, 'x');
  expect_both(server, post_of_size(most) + content);
  expect_both(server, post_in_chunks("f4240\r\n" + content + "\r\n0\r\n\r\n"));
  expect_the_end(server, "the answer to a byte more", post_of_size(most + 1), line_413);
  expect_the_end(server, "the answer to a chunk with a byte more", post_in_chunks("f4241\r\n"), line_413);
  expect_the_end(server, "the answer to chunks that are too long together",
                 post_in_chunks("f423f\r\n" + content.substr(1) + "\r\n1\r\nx\r\n1\r\nx\r\n0\r\n\r\n"), line_413);
}

TEST_CASE("a client that waits for 100 Continue before it sends content gets it, then its answer") {
  struct Request {
    std::string header;
    std::string_view content;
  };
  const Request requests[] = {
      {post_of("Content-Length: 5\r\nExpect: 100-continue\r\n"), "hello"},
      {post_of("Transfer-Encoding: chunked\r\nExpect: 100-Continue\r\n"), "5\r\nhello\r\n0\r\n\r\n"},
  };
  Server server{{.folder = "tests/site"}};
  Client client{server};
  for (const auto& [header, content] : requests) {
    client.send(header);
    expect("what comes before the content", client.receive_answer()).is(go_on);
    expect("whether more comes before the content", !client.hears_nothing()).is(false);
    client.send(content);
    expect("what comes after the content", client.receive_answer()).starts_with(line_405);
  }
}

TEST_CASE("a client is not told to go on if its content is refused, or if it does not know what that is") {
  Server server{{.folder = "tests/site"}};
  Client refused{server};
  refused.send(post_of("Content-Length: 1000001\r\nExpect: 100-continue\r\n"));
  expect("the answer to content that is too large", refused.receive_all()).starts_with(line_413);
  Client old{server};
  old.send("POST / HTTP/1.0\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
  if (!old.hears_nothing()) {
    expect("what a client of HTTP/1.0 receives before it has sent its content", old.receive_answer()).is("");
  }
  old.send("hello");
  expect("the answer to it", old.receive_all()).starts_with(line_405);
}

TEST_CASE("a client that ends amid its content gets 400") {
  Server server{{.folder = "tests/site"}};
  for (const std::string& text : {post_of_size(5) + "hell", post_in_chunks("5\r\nhel"), post_in_chunks("0\r\n")}) {
    Client client{server};
    client.send(text);
    client.finish_sending();
    expect("the answer", client.receive_all()).starts_with(line_400);
  }
}

TEST_CASE("a client that does not go on with its content gets 408") {
  struct Case {
    Field field;
    std::string received;
  };
  const Case cases[] = {
      {{"Content-Length", "5"}, "hell"},
      {{"Transfer-Encoding", "chunked"}, "5\r\nhel"},
      {{"Transfer-Encoding", "chunked"}, "5"},
      {{"Transfer-Encoding", "chunked"}, "0\r\n"},
  };
  for (const auto& [field, so_far] : cases) {
    int ends[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    const Socket client{ends[0]};
    const Socket other_end{ends[1]};
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds{20};
    std::string received = so_far;
    const auto problem = drop_content(client, received, {"POST", "/", "HTTP/1.1", {field}}, deadline);
    expect("the status", problem ? static_cast<int>(*problem) : 0).is(408);
    expect("whether the deadline was waited for", std::chrono::steady_clock::now() >= deadline).is(true);
  }
}

TEST_CASE("a HEAD request whose content is refused is answered without content") {
  Server server{{.folder = "tests/site"}};
  Client client{server};
  client.send("HEAD / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\n");
  const support::Received answer = client.receive_all();
  expect("the answer", answer).starts_with("HTTP/1.1 413 ");
  expect("the answer ends with the header section", answer.bytes.ends_with("\r\n\r\n")).is(true);
}
