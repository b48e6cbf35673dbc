#include "expect/expect.hpp"
#include "handle_connection.hpp"
#include "server/client.hpp"
#include "server/server.hpp"
#include "socket.hpp"
#include "system/process_facts.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <concepts>
#include <string_view>
#include <type_traits>
#include <utility>

using support::Client;
using support::expect;
using support::Server;

static_assert(!std::is_copy_constructible_v<Socket>, "a descriptor has one owner: a Socket must not be copied");
static_assert(!std::is_copy_assignable_v<Socket>, "a descriptor has one owner: a Socket must not be copied");

// Of moves that are there; one that is missing has an error of its own.
static_assert(!std::is_move_constructible_v<Socket> || std::is_nothrow_move_constructible_v<Socket>,
              "a new Socket takes a number over, which cannot fail: say noexcept");
static_assert(!std::is_move_assignable_v<Socket> || std::is_nothrow_move_assignable_v<Socket>,
              "an assigned Socket takes a number over, which cannot fail: say noexcept");
static_assert(!std::is_move_assignable_v<Socket> || std::assignable_from<Socket&, Socket>,
              "an assignment returns the object that was assigned to, as Socket&");

namespace {

constexpr std::string_view request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

// The system gives the lowest number that is free, so a number that was closed comes back here.
int open_descriptor() {
  return open("/dev/null", O_RDONLY);
}
bool is_open(int descriptor) {
  return fcntl(descriptor, F_GETFD) != -1;
}
bool is_closed(int descriptor) {
  return !is_open(descriptor);
}

}  // namespace

TEST_CASE("a Socket closes its descriptor at the end of its life") {
  const int descriptor = open_descriptor();
  { const Socket socket{descriptor}; }
  expect("the descriptor is closed", is_closed(descriptor)).is(true);
}

TEST_CASE("a new Socket takes over the descriptor of another") {
  const int descriptor = open_descriptor();
  Socket from{descriptor};
  const Socket to{std::move(from)};
  expect("the descriptor of the new Socket", to.fd()).is(descriptor);
  expect("the descriptor is still open", is_open(descriptor)).is(true);
}

TEST_CASE("a Socket whose descriptor was taken over closes nothing") {
  const int descriptor = open_descriptor();
  int somebody_elses = -1;
  {
    Socket from{descriptor};
    { const Socket to{std::move(from)}; }
    somebody_elses = open_descriptor();
    expect("the number of the next descriptor: the one that is free again", somebody_elses).is(descriptor);
  }
  expect("somebody else's descriptor of the same number is still open", is_open(somebody_elses)).is(true);
  close(somebody_elses);
}

TEST_CASE("a Socket whose descriptor was taken over has -1 in its place") {
  Socket from{open_descriptor()};
  const Socket to{std::move(from)};
  expect("fd() of the Socket that was moved from", from.fd()).is(-1);  // NOLINT(bugprone-use-after-move)
}

TEST_CASE("an assigned Socket takes over the descriptor and closes the one it had") {
  const int old_descriptor = open_descriptor();
  const int descriptor = open_descriptor();
  Socket to{old_descriptor};
  Socket from{descriptor};
  to = std::move(from);
  expect("the descriptor of the assigned Socket", to.fd()).is(descriptor);
  expect("the descriptor taken over is still open", is_open(descriptor)).is(true);
  expect("the descriptor it had before is closed", is_closed(old_descriptor)).is(true);
  expect("fd() of the Socket that was moved from", from.fd()).is(-1);  // NOLINT(bugprone-use-after-move)
}

TEST_CASE("a Socket assigned to itself keeps its descriptor") {
  const int descriptor = open_descriptor();
  Socket socket{descriptor};
  Socket& same = socket;
  socket = std::move(same);
  expect("the descriptor of the Socket", socket.fd()).is(descriptor);
  expect("the descriptor is still open", is_open(descriptor)).is(true);
}

TEST_CASE("handle_connection owns the client, and closes it before it returns") {
  int ends[2];
  REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
  const Socket here{ends[0]};
  Socket there{ends[1]};
  REQUIRE(send(here.fd(), request.data(), request.size(), 0) == static_cast<ssize_t>(request.size()));
  handle_connection(std::move(there));
  expect("the client's descriptor is closed", is_closed(ends[1])).is(true);
}

TEST_CASE("the server keeps no descriptor of a client that has gone") {
  Server server;
  server.wait_until_at_rest();
  const int before = support::count_descriptors(server.pid());
  for (int i = 0; i < 50; ++i) {
    Client client{server};
    client.send(request);
    expect("the page", client.receive_all()).starts_with("HTTP/1.1 200 OK\r\n");
  }
  server.wait_until_at_rest();
  expect("open descriptors of the server", support::count_descriptors(server.pid())).is(before);
}
