// Test cases: a page that is computed in parts, from outside.
#include "expect/expect.hpp"
#include "server/client.hpp"
#include "server/server.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>

using support::Client;
using support::expect;
using support::Server;

namespace {

std::string answer_to(const Server& server, const std::string& method, const std::string& query) {
  Client client{server};
  client.send(method + " /mandelbrot" + query + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  return client.receive_all().bytes;
}

std::string body_of(const std::string& answer) {
  const std::size_t end = answer.find("\r\n\r\n");
  return end == std::string::npos ? "" : answer.substr(end + 4);
}

// The number of 4 bytes at `place`, the lowest first.
unsigned number_at(const std::string& bytes, std::size_t place) {
  unsigned number = 0;
  for (std::size_t i = 0; i < 4 && place + i < bytes.size(); ++i) {
    number |= static_cast<unsigned>(static_cast<unsigned char>(bytes[place + i])) << (8 * i);
  }
  return number;
}

// The pixels of the picture, row by row from below, computed by this thread alone: after how many iterations it is
// known that a point is outside.
std::string pixels(double x, double y, double zoom, int size) {
  const double step = 3 / zoom / size;
  const double left = x - step * size / 2;
  const double bottom = y - step * size / 2;
  std::string rows;
  for (int row = 0; row < size; ++row) {
    for (int column = 0; column < size; ++column) {
      const double real = left + step * (column + 0.5);
      const double imaginary = bottom + step * (row + 0.5);
      double a = 0;
      double b = 0;
      int count = 0;
      while (count < 255 && a * a + b * b <= 4) {
        const double next = a * a - b * b + real;
        b = 2 * a * b + imaginary;
        a = next;
        ++count;
      }
      rows += static_cast<char>(count);
    }
    rows.append((4 - size % 4) % 4, '\0');
  }
  return rows;
}

// The first row that differs, or nothing.
std::string difference(const std::string& picture, const std::string& expected, std::size_t row_bytes) {
  constexpr std::size_t head = 14 + 40 + 256 * 4;
  if (picture.size() != head + expected.size()) return std::to_string(picture.size()) + " bytes";
  for (std::size_t at = 0; at < expected.size(); ++at) {
    if (picture[head + at] != expected[at]) return "row " + std::to_string(at / row_bytes) + " is another";
  }
  return "the same picture";
}

}  // namespace

TEST_CASE("the picture is the same as one that a single thread computes") {
  const Server server{{.folder = "tests/site"}};
  expect("the picture for ?size=64",
         difference(body_of(answer_to(server, "GET", "?size=64")), pixels(-0.5, 0, 1, 64), 64))
      .is("the same picture");
  const std::string detail = answer_to(server, "GET", "?x=-0.745&y=0.113&zoom=200&size=37");
  expect("the picture for ?x=-0.745&y=0.113&zoom=200&size=37",
         difference(body_of(detail), pixels(-0.745, 0.113, 200, 37), 40))
      .is("the same picture");
}

TEST_CASE("the picture is a bitmap that says how large it is") {
  const Server server{{.folder = "tests/site"}};
  const std::string answer = answer_to(server, "GET", "?size=1");
  const std::string picture = body_of(answer);
  expect("the answer to ?size=1", answer).starts_with("HTTP/1.1 200 OK\r\nContent-Type: image/bmp\r\n");
  expect("how its body begins", picture.substr(0, 2)).is("BM");
  expect("its size, as it says", number_at(picture, 2)).is(picture.size());
  expect("where its pixels begin", number_at(picture, 10)).is(14 + 40 + 256 * 4);
  expect("its width", number_at(picture, 18)).is(1);
  expect("its height", number_at(picture, 22)).is(1);
  expect("the width without a query", number_at(body_of(answer_to(server, "GET", "")), 18)).is(256);
}

TEST_CASE("HEAD gets the header section for the picture, and no picture") {
  const Server server{{.folder = "tests/site"}};
  const std::string answer = answer_to(server, "HEAD", "?size=8");
  expect("the answer to HEAD", answer).starts_with("HTTP/1.1 200 OK\r\nContent-Type: image/bmp\r\n");
  expect("the answer to HEAD", answer).contains("Content-Length: " + std::to_string(14 + 40 + 256 * 4 + 64) + "\r\n");
  expect("the body", body_of(answer)).is("");
}

TEST_CASE("a query that is no view of the set is a bad request") {
  const Server server{{.folder = "tests/site"}};
  for (const std::string_view query : {"?size=0",   "?size=-1",   "?size=1025",  "?size=99999999999", "?size=8.5",
                                       "?size=",    "?size",      "?size=eight", "?size=8x",          "?size=+8",
                                       "?size=%38", "?x=nan",     "?x=inf",      "?x=-inf",           "?x=4.1",
                                       "?x=--1",    "?y=",        "?y=1,5",      "?y=1e999",          "?zoom=0",
                                       "?zoom=0.5", "?zoom=1e13", "?zoom=-1",    "?zoom=nan",         "?colour=red",
                                       "?=1",       "?x=0&",      "?&x=0",       "?x=0&&y=0",         "?x=0;y=0",
                                       "?X=0"}) {
    const std::string text{query};
    expect("the answer to " + text, answer_to(server, "GET", text)).starts_with("HTTP/1.1 400 Bad Request\r\n");
  }
}

TEST_CASE("numbers at the limits are good") {
  const Server server{{.folder = "tests/site"}};
  for (const std::string_view query : {"?x=4&y=-4&zoom=1e12&size=1", "?x=-4.0&y=4.0&zoom=1&size=2", "?"}) {
    const std::string text{query};
    expect("the answer to " + text, answer_to(server, "GET", text)).starts_with("HTTP/1.1 200 OK\r\n");
  }
}
