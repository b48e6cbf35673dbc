#include "respond.hpp"

#include "expect/expect.hpp"
#include "report/place.hpp"
#include "server/client.hpp"
#include "server/server.hpp"
#include "status.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>

using support::Client;
using support::expect;
using support::Place;
using support::Received;
using support::Server;

namespace {

Response answer_to(std::string_view method, std::string_view target) {
  INFO("respond() to ", std::string{method}, " ", std::string{target});
  return respond(Request{std::string{method}, std::string{target}, "HTTP/1.1", {{"Host", "localhost"}}});
}

// The value of a field, or "(no such field)".
std::string value_of(const Response& response, std::string_view name) {
  for (const Field& field : response.fields) {
    if (is_named(field, name)) return field.value;
  }
  return "(no such field)";
}

// "GET, HEAD" however it is written: neither blanks nor the order mean anything (RFC 9110 §5.6.1, §10.2.1).
std::string list_of_methods(const std::string& value) {
  std::string list = value;
  std::erase(list, ' ');
  return list == "GET,HEAD" || list == "HEAD,GET" ? "GET, HEAD" : value;
}

int code_of(const Response& response) {
  return static_cast<int>(response.status);
}

void expect_page(std::string_view target, std::string_view title, Place place = Place::here()) {
  const Response response = answer_to("GET", target);
  const std::string what = "the page for GET " + std::string{target};
  expect(what, response.body, place).contains("<title>" + std::string{title} + "</title>");
  expect("the status for GET " + std::string{target}, code_of(response), place).is(200);
}

void expect_status(std::string_view method, std::string_view target, int code, Place place = Place::here()) {
  const std::string what = "the status for " + std::string{method} + " " + std::string{target};
  expect(what, code_of(answer_to(method, target)), place).is(code);
}

// All that a server says to a client that sends this and waits for the end.
Received answer_to(const Server& server, std::string_view text, Place place = Place::here()) {
  Client client{server, place};
  client.send(text, place);
  client.finish_sending();
  return client.receive_all(place);
}

}  // namespace

TEST_CASE("each path has its own page") {
  expect_page("/", "Home");
  expect_page("/menu", "Menu");
}

TEST_CASE("a path without a page is 404") {
  expect_status("GET", "/nothing", 404);
  expect_status("GET", "/Menu", 404);
  expect_status("GET", "/menu/", 404);
  expect("the page for GET /nothing", answer_to("GET", "/nothing").body).contains("No such page");
}

TEST_CASE("what follows the question mark is not part of the path") {
  expect_page("/?", "Home");
  expect_page("/menu?day=friday", "Menu");
  expect_page("/menu?back=/nothing", "Menu");
}

TEST_CASE("a page that is made for a query gets it") {
  expect("the page for GET /order?dish=2&table=4", answer_to("GET", "/order?dish=2&table=4").body)
      .is("You ordered dish=2&table=4\n");
  expect("the page for GET /order?why?", answer_to("GET", "/order?why?").body).is("You ordered why?\n");
  expect("the page for GET /order", answer_to("GET", "/order").body).is("You ordered \n");
}

TEST_CASE("a whole URL names the same page as its path") {
  expect_page("http://localhost:8080/menu", "Menu");
  expect_page("HTTP://localhost/menu?day=friday", "Menu");
  expect_page("http://localhost", "Home");
  expect_page("http://localhost?day=/friday", "Home");
}

TEST_CASE("a method that pages do not take is 405, and Allow says which they do") {
  for (const std::string_view method : {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"}) {
    expect_status(method, "/menu", 405);
    expect("the field Allow", list_of_methods(value_of(answer_to(method, "/menu"), "Allow"))).is("GET, HEAD");
  }
  expect_status("OPTIONS", "*", 405);
  expect_status("CONNECT", "localhost:80", 405);
}

TEST_CASE("a method that nobody knows is 501") {
  expect_status("BREW", "/menu", 501);
  for (const std::string known : {"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"}) {
    std::string lower_case = known;
    for (char& letter : lower_case) letter = static_cast<char>(letter - 'A' + 'a');
    expect_status(lower_case, "/menu", 501);
    expect_status(known + "S", "/menu", 501);
    expect_status(known.substr(1), "/menu", 501);
    expect_status(known.substr(0, known.size() - 1), "/menu", 501);
  }
}

TEST_CASE("Content-Length counts bytes, not letters") {
  for (const std::string_view target : {"/", "/menu", "/nothing"}) {
    const Response response = answer_to("GET", target);
    const std::string what = "Content-Length of the answer to GET " + std::string{target};
    expect(what, value_of(response, "Content-Length")).is(std::to_string(response.body.size()));
  }
}

TEST_CASE("HEAD gets the fields of GET, and no body") {
  for (const std::string_view target : {"/", "/menu", "/nothing"}) {
    const Response get = answer_to("GET", target);
    const Response head = answer_to("HEAD", target);
    const std::string of_head = " of the answer to HEAD " + std::string{target};
    expect("the status" + of_head, code_of(head)).is(code_of(get));
    expect("Content-Type" + of_head, value_of(head, "Content-Type")).is(value_of(get, "Content-Type"));
    expect("Content-Length" + of_head, value_of(head, "Content-Length")).is(value_of(get, "Content-Length"));
    expect("the body" + of_head, head.body).is("");
  }
}

TEST_CASE("a response on the wire is a status line, fields, a blank line and the body") {
  const Response response{Status::method_not_allowed, {{"Content-Length", "3"}, {"Allow", "GET, HEAD"}}, "no\n"};
  expect("to_text(response)", to_text(response))
      .is("HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 3\r\nAllow: GET, HEAD\r\n\r\nno\n");
}

TEST_CASE("the server sends these answers, and closes the connection after each") {
  Server server;
  const std::string end = " HTTP/1.1\r\nHost: localhost\r\n\r\n";
  const std::string menu = answer_to(server, "GET /menu" + end).bytes;
  expect("the answer to GET /menu", menu).starts_with("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n");
  expect("the answer to GET /menu", menu).contains("\r\nConnection: close\r\n");
  expect("the answer to GET /menu", menu).ends_with("3 €</p>\n");

  const std::string head = answer_to(server, "HEAD /menu" + end).bytes;
  expect("the answer to HEAD /menu", head).is(menu.substr(0, menu.find("\r\n\r\n") + 4));

  expect("the answer", answer_to(server, "GET /nothing" + end)).starts_with("HTTP/1.1 404 Not Found\r\n");
  expect("the answer", answer_to(server, "POST /" + end)).starts_with("HTTP/1.1 405 Method Not Allowed\r\n");
  expect("the answer", answer_to(server, "BREW /" + end)).starts_with("HTTP/1.1 501 Not Implemented\r\n");
  expect("the answer", answer_to(server, "GET /\r\n\r\n")).starts_with("HTTP/1.1 400 Bad Request\r\n");
  expect("the answer", answer_to(server, "GET / HTTP/2.0\r\nHost: a\r\n\r\n"))
      .starts_with("HTTP/1.1 505 HTTP Version Not Supp");
  expect("the answer", answer_to(server, "GET /" + std::string(9000, 'x') + end)).starts_with("HTTP/1.1 431 Request ");
}
