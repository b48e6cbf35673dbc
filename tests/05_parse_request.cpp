#include "parse_request.hpp"

#include "expect/expect.hpp"
#include "report/bytes.hpp"
#include "report/place.hpp"
#include "server/client.hpp"
#include "server/server.hpp"
#include "status.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <exception>
#include <ostream>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

using support::Client;
using support::expect;
using support::Place;
using support::Server;

namespace {

constexpr std::string_view host = "Host: a\r\n";

// What parse_request says of a text: "GET | /b | HTTP/1.1 | Host=a", "Status 400" or "exception: …".
struct Words {
  std::string text;
  bool operator==(const Words&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Words& words) {
  return out << support::escaped(words.text);
}

std::string words_of(const std::variant<Request, Status>& result) {
  if (const auto* status = std::get_if<Status>(&result)) return "Status " + std::to_string(static_cast<int>(*status));
  const auto& request = std::get<Request>(result);
  std::string words = request.method + " | " + request.target + " | " + request.version;
  for (const Field& field : request.fields) words += " | " + field.name + "=" + field.value;
  return words;
}

// The text lies in memory of its own size, so that a sanitizer sees each read past its end.
Words parsed(std::string_view text) {
  const std::vector<char> copy(text.begin(), text.end());
  try {
    return {words_of(parse_request({copy.data(), copy.size()}))};
  } catch (const std::exception& error) {
    return {std::string{"exception: "} + error.what()};
  }
}

void expect_parsed(std::string_view text, std::string_view words, Place place = Place::here()) {
  const std::string what = "parse_request(\"" + support::escaped(text) + "\")";
  expect(what, parsed(text), place).is(Words{std::string{words}});
}

// The same for a request line, with a Host below it.
void expect_line(std::string_view line, std::string_view words, Place place = Place::here()) {
  expect_parsed(std::string{line} + "\r\n" + std::string{host} + "\r\n", words, place);
}

// The same for lines below a request line and a Host.
void expect_fields(std::string_view lines, std::string_view words, Place place = Place::here()) {
  expect_parsed("GET / HTTP/1.1\r\n" + std::string{host} + std::string{lines} + "\r\n", words, place);
}

}  // namespace

TEST_CASE("a request becomes its method, its target, its version and its fields") {
  expect_parsed("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET | / | HTTP/1.1 | Host=a");
  expect_parsed("HEAD /style.css?v=2 HTTP/1.1\r\nHost: [::1]:8080\r\nAccept:  text/css, */* \r\n\r\n",
                "HEAD | /style.css?v=2 | HTTP/1.1 | Host=[::1]:8080 | Accept=text/css, */*");
}

TEST_CASE("a request line without its three parts is 400") {
  expect_line("GET /", "Status 400");
  expect_line("GET", "Status 400");
  expect_line("", "Status 400");
  expect_line("GET HTTP/1.1", "Status 400");
  expect_line("CONNECT HTTP/1.1", "Status 400");
  expect_line("GET  HTTP/1.1", "Status 400");
  expect_line(" / HTTP/1.1", "Status 400");
  expect_line("GET / ", "Status 400");
}

TEST_CASE("between the parts stands one space and nothing else") {
  expect_line("GET  / HTTP/1.1", "Status 400");
  expect_line("GET /  HTTP/1.1", "Status 400");
  expect_line("GET\t/ HTTP/1.1", "Status 400");
  expect_line("GET /\tHTTP/1.1", "Status 400");
  expect_line(" GET / HTTP/1.1", "Status 400");
  expect_line("GET / HTTP/1.1 ", "Status 400");
  expect_line("GET /two words HTTP/1.1", "Status 400");
}

TEST_CASE("a method is a token, in any spelling") {
  expect_line("get / HTTP/1.1", "get | / | HTTP/1.1 | Host=a");
  expect_line("BREW-1 / HTTP/1.1", "BREW-1 | / | HTTP/1.1 | Host=a");
  expect_line("G{T / HTTP/1.1", "Status 400");
  expect_line("GET: / HTTP/1.1", "Status 400");
  expect_line("G\xc3\x89T / HTTP/1.1", "Status 400");
}

TEST_CASE("a target is a path or a URL, without control characters") {
  expect_line("GET http://a/b HTTP/1.1", "GET | http://a/b | HTTP/1.1 | Host=a");
  expect_line("OPTIONS * HTTP/1.1", "OPTIONS | * | HTTP/1.1 | Host=a");
  expect_line("GET * HTTP/1.1", "Status 400");
  expect_line("GET index.html HTTP/1.1", "Status 400");
  expect_line("GET /caf\xc3\xa9 HTTP/1.1", "Status 400");
  expect_line(std::string_view{"GET /\0 HTTP/1.1", 15}, "Status 400");
  expect_line("GET /\r HTTP/1.1", "Status 400");
}

TEST_CASE("a version is HTTP/ and two digits") {
  expect_line("GET / HTTP/1.9", "GET | / | HTTP/1.9 | Host=a");
  expect_line("GET / HTTP/1.", "Status 400");
  expect_line("GET / HTTP/1.10", "Status 400");
  expect_line("GET / HTTP/1,1", "Status 400");
  expect_line("GET / HTTP/x.1", "Status 400");
  expect_line("GET / http/1.1", "Status 400");
  expect_line("GET / HTTPS/1.1", "Status 400");
}

TEST_CASE("a version that is not HTTP/1.x is 505") {
  expect_line("GET / HTTP/2.0", "Status 505");
  expect_line("GET / HTTP/0.9", "Status 505");
}

TEST_CASE("a field is a name, a colon and a value, or the request is 400") {
  expect_fields("Empty:\r\n", "GET | / | HTTP/1.1 | Host=a | Empty=");
  expect_fields("Time: 10:30\r\n", "GET | / | HTTP/1.1 | Host=a | Time=10:30");
  expect_fields("no colon here\r\n", "Status 400");
  expect_fields("Accept : text/html\r\n", "Status 400");
  expect_fields(": no name\r\n", "Status 400");
  expect_fields(" Accept: text/html\r\n", "Status 400");
  expect_fields("Accept: text/html,\r\n text/css\r\n", "Status 400");
  expect_fields(std::string_view{"Name: a\0b\r\n", 11}, "Status 400");
  expect_parsed("GET / HTTP/1.0\r\nno colon here\r\n\r\n", "Status 400");
}

TEST_CASE("HTTP/1.1 names its host, once") {
  expect_parsed("GET / HTTP/1.1\r\n\r\n", "Status 400");
  expect_parsed("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", "Status 400");
  expect_parsed("GET / HTTP/1.1\r\nhost: a\r\nHOST: b\r\n\r\n", "Status 400");
  expect_parsed("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", "Status 400");
  expect_parsed("GET / HTTP/1.1\r\nhOST: a\r\n\r\n", "GET | / | HTTP/1.1 | hOST=a");
  expect_parsed("GET / HTTP/1.0\r\n\r\n", "GET | / | HTTP/1.0");
  expect_parsed("GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", "Status 400");
}

TEST_CASE("a request leaves no doubt where its body ends") {
  expect_fields("Content-Length: abc\r\n", "Status 400");
  expect_fields("Content-Length: -1\r\n", "Status 400");
  expect_fields("Content-Length:\r\n", "Status 400");
  expect_fields("Content-Length: 5\r\nContent-Length: 6\r\n", "Status 400");
  expect_fields("Content-Length: 5\r\ncontent-length: 5\r\n", "Status 400");
  expect_fields("Transfer-Encoding: chunked, gzip\r\n", "Status 400");
  expect_fields("Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip\r\n", "Status 400");
  expect_fields("Transfer-Encoding: chunked, chunked\r\n", "Status 400");
  expect_fields("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "Status 400");
  expect_fields("Content-Length: 5\r\n", "GET | / | HTTP/1.1 | Host=a | Content-Length=5");
  expect_fields("Transfer-Encoding: gzip, Chunked\r\n",
                "GET | / | HTTP/1.1 | Host=a | Transfer-Encoding=gzip, Chunked");
}

TEST_CASE("a line ends with CR and LF, not with LF alone") {
  expect_parsed("GET / HTTP/1.1\nHost: a\n\n", "Status 400");
  expect_parsed("GET / HTTP/1.1\nHost: a\r\n\r\n", "Status 400");
  expect_parsed("GET / HTTP/1.1\r\nHost: a\n\r\n", "Status 400");
  expect_parsed("GET / HTTP/1.1\r\nHost: a\r\n\n", "Status 400");
  expect_parsed("GET / HTTP/1.1\rXHost: a\r\n\r\n", "Status 400");
  expect_parsed("GET / HTTP/1.1\r\rHost: a\r\n\r\n", "Status 400");
}

TEST_CASE("text that stops anywhere before its end is 400") {
  const std::string_view whole = "GET / HTTP/1.1\r\nHost: a\r\nAccept: */*\r\n\r\n";
  for (std::size_t size = 0; size < whole.size(); ++size) expect_parsed(whole.substr(0, size), "Status 400");
}

TEST_CASE("text that goes on after the blank line is 400") {
  expect_parsed("GET / HTTP/1.1\r\nHost: a\r\n\r\nmore", "Status 400");
  expect_parsed("GET / HTTP/1.1\r\nHost: a\r\n\r\n\r\n", "Status 400");
}

TEST_CASE("no text makes it throw or read past the end") {
  const std::string whole = "GET /a?b HTTP/1.1\r\nHost: a\r\nAccept: */*\r\n\r\n";
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string text = whole;
      text[at] = static_cast<char>(byte);
      const Words words = parsed(text);
      if (words.text.starts_with("exception: ")) expect_parsed(text, "a Request or a Status");
    }
  }
  for (const std::string_view text : {"\r\n", "\r\n\r\n", " \r\n", "  \r\n\r\n", "\n", ":", "\r\n:\r\n\r\n", "a b c"}) {
    expect_parsed(text, "Status 400");
  }
}

TEST_CASE("the server refuses what is not a request, and goes on") {
  Server server;
  const auto answer_to = [&server](std::string_view text) {
    Client client{server};
    client.send(text);
    client.finish_sending();
    return client.receive_all();
  };
  expect("the answer", answer_to("Good morning!\r\n\r\n")).starts_with("HTTP/1.1 400 Bad Request\r\n");
  expect("the answer", answer_to("GET / HTTP/2.0\r\nHost: a\r\n\r\n")).starts_with("HTTP/1.1 505 HTTP Version Not ");
  expect("the answer", answer_to("GET / HTTP/1.1\r\nHost: a\r\n\r\n")).starts_with("HTTP/1.1 200 OK\r\n");
}
