#include "expect/expect.hpp"
#include "server/client.hpp"
#include "server/server.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using support::Client;
using support::expect;
using support::Refusal;
using support::Server;

namespace {

constexpr std::string_view page =
    "HTTP/1.1 200 OK\r\n"
    "Content-Type: text/html\r\n"
    "Content-Length: 69\r\n"
    "Connection: close\r\n"
    "\r\n"
    "<!DOCTYPE html>\n"
    "<title>Hello</title>\n"
    "<h1>Hello from your server</h1>\n";

}  // namespace

TEST_CASE("a client gets the page, byte for byte, and so does the next one") {
  Server server;
  for (const std::string_view which : {"the first client gets the page", "the second client gets the page"}) {
    Client client{server};
    client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    expect(which, client.receive_all()).is(page);
    server.wait_until_at_rest();
  }
}

TEST_CASE("a browser, which says more about itself, gets the page too") {
  Server server;
  Client client{server};
  client.send(
      "GET / HTTP/1.1\r\n"
      "Host: localhost\r\n"
      "Connection: keep-alive\r\n"
      "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\n"
      "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8\r\n"
      "Accept-Encoding: gzip, deflate, br\r\n"
      "Accept-Language: en-US,en;q=0.5\r\n"
      "\r\n");
  expect("the browser gets the page", client.receive_all()).is(page);
}

TEST_CASE("an argument that is no port is refused, and the server says why") {
  for (const std::string text : {"80a", "", "-1", "65536", "99999999999"}) {
    const Refusal refusal = support::refusal_of({text});
    expect("what the server says", refusal.stderr_text)
        .is("PORT is a whole number from 0 to 65535, not \"" + text + "\"\n");
    expect("its exit status", refusal.status.code).is(2);
  }
}
