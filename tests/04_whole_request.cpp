#include "expect/expect.hpp"
#include "handle_connection.hpp"
#include "read_request.hpp"
#include "report/place.hpp"
#include "server/client.hpp"
#include "server/server.hpp"
#include "socket.hpp"
#include "status.hpp"
#include "system/process_facts.hpp"
#include "system/signals.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <variant>

using support::Client;
using support::count_descriptors;
using support::expect;
using support::Server;

namespace {

constexpr std::string_view request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
constexpr std::string_view line_200 = "HTTP/1.1 200 OK\r\n";
constexpr std::string_view line_400 = "HTTP/1.1 400 Bad Request\r\n";
constexpr std::string_view line_431 = "HTTP/1.1 431 Request Header Fields Too Large\r\n";

// A request of `size` bytes in all, as a browser with many cookies sends it.
std::string request_of(std::size_t size) {
  std::string text = "GET / HTTP/1.1\r\nHost: localhost\r\nCookie: \r\n\r\n";
  return text.insert(text.size() - 4, size - text.size(), 'c');
}

// A connection within this program: what is sent to one end comes out of the other.
struct Connection {
  Socket client_end;
  Socket server_end;
};

Connection connection() {
  int ends[2];
  REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
  return {Socket{ends[0]}, Socket{ends[1]}};
}

void send_text(const Socket& to, std::string_view text) {
  REQUIRE(send(to.fd(), text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()));
}

support::Received receive_all(const Socket& from) {
  support::Received all;
  char chunk[1024];
  ssize_t count = 0;
  while ((count = recv(from.fd(), chunk, sizeof chunk, 0)) > 0) all.bytes.append(chunk, count);
  all.reset = count == -1;
  return all;
}

// The server, after it has read all that was sent, waits for more.
void expect_no_answer_yet(Client& client, support::Place place = support::Place::here()) {
  if (client.hears_nothing(place)) return;
  expect("what the server answers before the request is whole", client.receive_all(place), place).is("");
}

std::string in_words(const std::variant<std::string, Status>& result) {
  if (const auto* status = std::get_if<Status>(&result)) return "status " + std::to_string(static_cast<int>(*status));
  return std::get<std::string>(result);
}

}  // namespace

TEST_CASE("a request that comes byte by byte is answered when it is whole") {
  Server server;
  Client client{server};
  for (const char byte : request.substr(0, request.size() - 1)) {
    client.send({&byte, 1});
    expect_no_answer_yet(client);
  }
  client.send("\n");
  expect("the answer to the whole request", client.receive_all()).starts_with(line_200);
}

TEST_CASE("a request of 6000 bytes is read to its end") {
  const Connection ends = connection();
  const std::string text = request_of(6000);
  send_text(ends.client_end, text);
  expect("the header section", in_words(read_request(ends.server_end))).is(text);
}

TEST_CASE("a request of 8192 bytes is within the limit") {
  Server server;
  Client client{server};
  const std::string text = request_of(8192);
  client.send_in_pieces({text.substr(0, 8191), text.substr(8191)});
  expect("the page", client.receive_all()).starts_with(line_200);
}

TEST_CASE("a request of 8193 bytes is over the limit: 431") {
  Server server;
  Client client{server};
  const std::string text = request_of(8193);
  client.send_in_pieces({text.substr(0, 1), text.substr(1)});  // where reads of 4096 bytes would go past the limit
  expect("the answer", client.receive_all()).starts_with(line_431);
}

TEST_CASE("an endless header section gets 431") {
  Server server;
  Client client{server};
  client.send("GET / HTTP/1.1\r\nCookie: " + std::string(100'000, 'c'));
  expect("the answer", client.receive_all()).starts_with(line_431);
}

TEST_CASE("what the client still sends is read before the connection closes, so nothing is reset") {
  Connection ends = connection();
  send_text(ends.client_end, request_of(10'000));
  shutdown(ends.client_end.fd(), SHUT_WR);
  handle_connection(std::move(ends.server_end));
  expect("the answer", receive_all(ends.client_end)).starts_with(line_431);
}

TEST_CASE("a client that has its answer may still send") {
  Server server;
  const int before = count_descriptors(server.pid());
  Client client{server};
  client.send(request);
  expect("the answer", client.receive_all()).starts_with(line_200);
  server.wait_until_at_rest();
  expect("open descriptors, for a second after the answer", count_descriptors(server.pid())).is(before + 1);
}

TEST_CASE("a request that ends midway gets 400") {
  Server server;
  Client client{server};
  client.send("GET / HTTP/1.1\r\nHost: loc");
  client.finish_sending();
  expect("the answer", client.receive_all()).starts_with(line_400);
}

TEST_CASE("an error of recv is thrown") {
  Connection ends = connection();
  send_text(ends.server_end, "never read");  // so that to close the other end is to reset the connection
  { const Socket closed = std::move(ends.client_end); }
  std::string outcome;
  try {
    outcome = "returned " + in_words(read_request(ends.server_end));
  } catch (const std::system_error& error) {
    outcome = error.what();
  }
  expect("what read_request does when recv fails", outcome).starts_with("recv: ");
}

TEST_CASE("a client that resets its connection amid a request does not end the server") {
  Server server;
  Client client{server};
  client.send("GET / HTTP/1.1\r\nHost: loc");
  expect_no_answer_yet(client);
  client.reset();
  Client next{server};
  next.send(request);
  expect("the page for the next client", next.receive_all()).starts_with(line_200);
}

TEST_CASE("a client that closes without a word gets no answer") {
  Server server;
  Client client{server};
  client.finish_sending();
  expect("what the client receives", client.receive_all()).is("");
}

TEST_CASE("a request whose lines end in LF alone is answered, too") {
  Server server;
  Client client{server};
  client.send("GET / HTTP/1.1\nHost: localhost\n\n");
  expect("the answer", client.receive_all()).starts_with(line_200);
}

TEST_CASE("what follows the blank line is not part of the header section") {
  for (const std::string header :
       {"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET / HTTP/1.1\nHost: localhost\n\n"}) {
    const Connection ends = connection();
    send_text(ends.client_end, header + "and a body\r\n\r\n");
    expect("the header section", in_words(read_request(ends.server_end))).is(header);
  }
}

TEST_CASE("a signal that interrupts recv does not end the reading") {
  const Connection ends = connection();
  const auto send_request = [&ends] { send_text(ends.client_end, request); };
  const support::Interruptions interruptions{3, send_request};
  expect("the header section", in_words(read_request(ends.server_end))).is(request);
}

TEST_CASE("a signal amid a request loses nothing of what has come") {
  const Connection ends = connection();
  send_text(ends.client_end, request.substr(0, 20));
  const auto send_the_rest = [&ends] { send_text(ends.client_end, request.substr(20)); };
  const support::Interruptions interruptions{3, send_the_rest};
  expect("the header section", in_words(read_request(ends.server_end))).is(request);
}
