#include "expect/expect.hpp"
#include "server/client.hpp"
#include "server/page_clients.hpp"
#include "server/server.hpp"
#include "system/process_facts.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <list>
#include <string>
#include <string_view>

using support::Client;
using support::expect;
using support::expect_served;
using support::page_request;
using support::Server;

namespace {

constexpr std::string_view half = "GET / HTTP/1.1\r\n";
constexpr std::string_view rest = "Host: localhost\r\n\r\n";
constexpr std::string_view line_200 = "HTTP/1.1 200 OK\r\n";
constexpr int workers = 4;

// A server, and clients whose requests it cannot answer yet: four have said half of theirs, which workers have read,
// and more have said all of it and wait for a worker.
struct BusyServer {
  explicit BusyServer(int waiting) {
    for (int i = 0; i < workers; ++i) {
      clients.emplace_back(server).send(half);
      clients.back().wait_until_read();
    }
    for (int i = 0; i < waiting; ++i) clients.emplace_back(server).send(page_request);
    server.wait_until_at_rest();
  }

  Server server{{.folder = "tests/site"}};
  std::list<Client> clients;
};

// What somebody hears who connects now.
std::string answer_to_connect(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int result = connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  const std::string answer = result == 0 ? "a connection" : std::strerror(errno);
  close(socket);
  return answer;
}

// ThreadSanitizer (of GCC 12 and of Clang 14) holds a handler back while its thread is in accept. There, somebody comes
// and leaves again, so that accept returns.
void help_accept(const Server& server) {
  if (support::thread_sanitizer) answer_to_connect(server.port());
}

void expect_refusal(const Server& server) {
  const auto answer = [&] { return answer_to_connect(server.port()); };
  expect("what a new client gets, after the signal", answer).becomes("Connection refused");
}

}  // namespace

TEST_CASE("SIGTERM ends a server that waits for clients") {
  Server server{{.folder = "tests/site"}};
  server.wait_until_at_rest();
  server.signal(SIGTERM);
  help_accept(server);
  expect("the server's exit status", static_cast<int>(server.wait())).is(0);
}

TEST_CASE("SIGINT, which Ctrl-C sends, does the same") {
  Server server{{.folder = "tests/site"}};
  server.wait_until_at_rest();
  server.signal(SIGINT);
  help_accept(server);
  expect("the server's exit status", static_cast<int>(server.wait())).is(0);
}

TEST_CASE("main learns of a signal that another thread has received") {
  Server server{{.folder = "tests/site"}};
  server.wait_until_at_rest();
  server.signal_beside_main(SIGTERM);
  help_accept(server);
  expect("the server's exit status", static_cast<int>(server.wait())).is(0);
}

TEST_CASE("a signal that comes when main has looked and does not wait yet is not lost") {
  Server server{{.folder = "tests/site"}};
  server.wait_until_at_rest();
  server.signal_before_main_waits(SIGTERM);
  help_accept(server);
  expect("the server's exit status", static_cast<int>(server.wait())).is(0);
}

TEST_CASE("clients that were accepted before the signal are answered, and the server ends after that") {
  BusyServer busy{2};
  busy.server.signal(SIGTERM);
  help_accept(busy.server);
  busy.server.wait_until_at_rest();
  for (int i = 0; i < workers; ++i) {
    busy.clients.front().send(rest);
    expect("the answer to a request that came in half before the signal", busy.clients.front().receive_all())
        .starts_with(line_200);
    busy.clients.pop_front();
  }
  for (Client& client : busy.clients) {
    expect("the answer to a client that waited for a worker", client.receive_all()).starts_with(line_200);
  }
  expect("the server's exit status", static_cast<int>(busy.server.wait())).is(0);
}

TEST_CASE("a page that takes its time is sent, and whole") {
  Server server{{.folder = "tests/site"}};
  Client client{server};
  client.send("GET /sleep?ms=100 HTTP/1.1\r\nHost: localhost\r\n\r\n");
  client.wait_until_read();
  server.signal(SIGTERM);
  help_accept(server);
  expect("the answer", client.receive_all()).ends_with("\r\n\r\nslept 100 ms\n");
  expect("the server's exit status", static_cast<int>(server.wait())).is(0);
}

TEST_CASE("after the signal, while old clients are served, new ones are refused") {
  BusyServer busy{0};
  busy.server.signal(SIGTERM);
  help_accept(busy.server);
  expect_refusal(busy.server);
  busy.clients.front().send(rest);
  expect("the answer to the first client", busy.clients.front().receive_all()).starts_with(line_200);
}

TEST_CASE("clients that come at once are all answered, and after the last one the server ends without a signal") {
  Server server{{.folder = "tests/site", .args = {"20"}}};
  std::list<Client> clients;
  for (int i = 0; i < 20; ++i) clients.emplace_back(server).send(page_request);
  for (Client& client : clients) expect("the answer", client.receive_all()).starts_with(line_200);
  expect("the server's exit status", static_cast<int>(server.wait())).is(0);
}

TEST_CASE("the next server has the port as soon as this one has ended") {
  Server server{{.folder = "tests/site"}};
  expect_served(server);
  server.signal(SIGTERM);
  help_accept(server);
  expect("the server's exit status", static_cast<int>(server.wait())).is(0);
  const Server next{{.port = server.port(), .folder = "tests/site"}};
  expect("the next server's port", next.port()).is(server.port());
}

TEST_CASE("a second signal ends the server at once, whoever still waits") {
  for (const int second : {SIGTERM, SIGINT}) {
    BusyServer busy{1};
    busy.server.signal(SIGTERM);
    help_accept(busy.server);
    expect_refusal(busy.server);
    busy.server.signal(second);
    busy.server.wait();
  }
}
