// Test cases: a server with many clients at a time and no thread for each of them, from outside.
#include "expect/expect.hpp"
#include "report/history.hpp"
#include "server/client.hpp"
#include "server/kept_clients.hpp"
#include "server/server.hpp"
#include "server/site.hpp"
#include "system/process_facts.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <list>
#include <string>
#include <string_view>
#include <vector>

using support::Client;
using support::count_descriptors;
using support::count_threads;
using support::expect;
using support::expect_kept_page;
using support::field_of;
using support::kept_request;
using support::kept_request_to_nowhere;
using support::line_200;
using support::line_404;
using support::long_time;
using support::request_with;
using support::Server;
using support::with_limits;

namespace {

constexpr std::size_t some = 20;  // bytes of a request, in the middle of its header section
constexpr std::string_view line_405 = "HTTP/1.1 405 Method Not Allowed\r\n";

// Clients have all the time in the world.
struct PatientServer {
  Server server{{.folder = "tests/site", .args = with_limits(4, long_time, long_time)}};
};

std::string post(std::string_view field, std::string_view content) {
  return "POST / HTTP/1.1\r\nHost: localhost\r\n" + std::string{field} + "\r\n\r\n" + std::string{content};
}

std::string sleep_request(int milliseconds) {
  return "GET /sleep?ms=" + std::to_string(milliseconds) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
}

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

void expect_last_answer(Client& client, std::string_view line) {
  const support::Received answer = client.receive_all();
  expect("the answer to a request that had begun", answer).starts_with(line);
  expect("its field Connection", field_of(answer.bytes, "Connection")).is("close");
}

}  // namespace

TEST_CASE_FIXTURE(PatientServer, "64 clients that say nothing, and 64 that stop amid a request, keep nobody waiting") {
  std::list<Client> silent;
  std::list<Client> slow;
  server.wait_until_at_rest();
  const int threads = count_threads(server.pid());
  for (int i = 0; i < 64; ++i) {
    silent.emplace_back(server);
    slow.emplace_back(server).send(kept_request.substr(0, 1 + i % (kept_request.size() - 1)));
  }
  for (Client& client : slow) client.wait_until_read();
  support::history::clear();  // of clients that wait
  Client next{server};
  expect_kept_page(next, "the answer to the next client");
  expect("threads that came with these clients", count_threads(server.pid()) - threads).is(0);
  for (int i = 0; Client & client : slow) {
    client.send(kept_request.substr(1 + i++ % (kept_request.size() - 1)));
    expect("the answer to a client that goes on with its request", client.receive_answer()).starts_with(line_200);
  }
  expect_kept_page(silent.back(), "the answer to a client that was silent so far");
}

TEST_CASE_FIXTURE(PatientServer, "a request that comes in two pieces is answered when the second has come") {
  Client client{server};
  for (const std::size_t size : {std::size_t{1}, some, kept_request_to_nowhere.size() - 1}) {
    client.send(kept_request_to_nowhere.substr(0, size));
    expect("the client hears nothing while a part is missing", client.hears_nothing()).is(true);
    client.send(kept_request_to_nowhere.substr(size));
    expect("the answer", client.receive_answer()).starts_with(line_404);
  }
}

TEST_CASE_FIXTURE(PatientServer, "content that comes in two pieces belongs to one request") {
  Client client{server};
  const std::string content = std::string{kept_request} + std::string{kept_request};
  client.send(post("Content-Length: " + std::to_string(content.size()), kept_request));
  expect("the client hears nothing while a part of the content is missing", client.hears_nothing()).is(true);
  client.send(kept_request);
  expect("the answer", client.receive_answer()).starts_with(line_405);
  client.send(post("Transfer-Encoding: chunked", "5\r\nhel"));
  expect("the client hears nothing while a part of a chunk is missing", client.hears_nothing()).is(true);
  client.send("lo\r\n0\r\n\r\n");
  expect("the answer to chunks", client.receive_answer()).starts_with(line_405);
  expect_kept_page(client, "the answer to the request after them");
}

TEST_CASE_FIXTURE(PatientServer, "requests that come in one piece are answered one by one, in order, content or not") {
  Client client{server};
  client.send(std::string{kept_request} + post("Content-Length: 5", "hello") + std::string{kept_request_to_nowhere} +
              post("Transfer-Encoding: chunked", "5\r\nhello\r\n0\r\n\r\n") + sleep_request(1));
  expect("the first answer", client.receive_answer()).starts_with(line_200);
  expect("the second answer", client.receive_answer()).starts_with(line_405);
  expect("the third answer", client.receive_answer()).starts_with(line_404);
  expect("the fourth answer", client.receive_answer()).starts_with(line_405);
  expect("the fifth answer", client.receive_answer()).ends_with("\r\n\r\nslept 1 ms\n");
}

TEST_CASE_FIXTURE(PatientServer, "half a request behind a whole one is kept until the other half comes") {
  Client client{server};
  client.send(std::string{kept_request}.append(kept_request_to_nowhere.substr(0, some)));
  expect("the first answer", client.receive_answer()).starts_with(line_200);
  expect("the client hears nothing while half of the second request is missing", client.hears_nothing()).is(true);
  client.send(kept_request_to_nowhere.substr(some));
  expect("the second answer", client.receive_answer()).starts_with(line_404);
}

TEST_CASE_FIXTURE(PatientServer, "clients that send byte by byte, in turns, each get what they have asked for") {
  struct Talk {
    std::string request;
    std::string start;
    std::string end;
  };
  const Talk talks[] = {
      {sleep_request(1), std::string{line_200}, "slept 1 ms\n"},
      {post("Content-Length: 9", "GET / HTT"), std::string{line_405}, ""},
      {sleep_request(2), std::string{line_200}, "slept 2 ms\n"},
      {std::string{kept_request_to_nowhere}, std::string{line_404}, ""},
      {post("Transfer-Encoding: chunked", "3\r\nGET\r\n1\r\n \r\n0\r\n\r\n"), std::string{line_405}, ""},
  };
  std::list<Client> clients;
  for (std::size_t i = 0; i < std::size(talks); ++i) clients.emplace_back(server);
  for (std::size_t at = 0; at < 100; ++at) {
    auto client = clients.begin();
    for (const Talk& talk : talks) {
      if (at < talk.request.size()) client->send_byte_by_byte(talk.request.substr(at, 1));
      ++client;
    }
  }
  auto client = clients.begin();
  for (const Talk& talk : talks) {
    const std::string answer = client->receive_answer();
    expect("the answer", answer).starts_with(talk.start);
    if (!talk.end.empty()) expect("the answer", answer).ends_with(talk.end);
    expect_kept_page(*client, "the answer to its next request");
    ++client;
  }
}

TEST_CASE_FIXTURE(PatientServer, "the server rests when its clients have gone, and when they wait") {
  Client slow{server};
  slow.send(kept_request.substr(0, some));
  Client closes{server};
  expect_kept_page(closes, "the answer");
  closes.close();
  Client resets{server};
  expect_kept_page(resets, "the answer");
  resets.reset();
  Client finishes{server};
  expect_kept_page(finishes, "the answer");
  finishes.finish_sending();
  server.wait_until_at_rest();
  expect("what a client receives that has finished sending", finishes.receive_all()).is("");
}

TEST_CASE_FIXTURE(PatientServer, "clients that come and go leave nothing to those who get their descriptors' numbers") {
  Client middle{server};
  middle.send(kept_request_to_nowhere.substr(0, some));
  middle.wait_until_read();
  server.wait_until_at_rest();
  const int before = count_descriptors(server.pid());
  const auto open = [&] { return count_descriptors(server.pid()); };
  const std::string parts[] = {"", std::string{kept_request_to_nowhere.substr(0, some)},
                               post("Content-Length: 1000", "hello")};
  for (const std::string& part : parts) {
    for (const bool by_reset : {false, true}) {
      Client leaves{server};
      leaves.send(part);
      leaves.wait_until_read();
      by_reset ? leaves.reset() : leaves.close();
      expect("open descriptors, when the client has gone", open).becomes(before);
      Client next{server};
      expect_kept_page(next, "the answer to the client that gets its number");
      next.close();
      expect("open descriptors, when that client has gone", open).becomes(before);
    }
  }
  middle.send(kept_request_to_nowhere.substr(some));
  expect("the answer to the client that was in the middle", middle.receive_answer()).starts_with(line_404);
}

TEST_CASE_FIXTURE(PatientServer,
                  "a client that leaves its connection open after the last answer keeps nobody waiting") {
  Client stays{server};
  stays.send(request_with("HTTP/1.1", {"Connection: close"}));
  expect("the last answer", stays.receive_all()).starts_with(line_200);
  Client next{server};
  expect_kept_page(next, "the answer to the next client");
}

TEST_CASE_FIXTURE(PatientServer,
                  "a client that asks whether to go on is told so once, while another one does the same") {
  Client first{server};
  Client second{server};
  for (Client* client : {&first, &second}) {
    client->send_byte_by_byte(post("Expect: 100-continue\r\nContent-Length: 5", ""));
    expect("the word to go on", client->receive_answer()).is("HTTP/1.1 100 Continue\r\n\r\n");
  }
  for (Client* client : {&first, &second}) {
    client->send_byte_by_byte("hello");
    expect("the answer", client->receive_answer()).starts_with(line_405);
  }
}

TEST_CASE("a large answer is whole, even if the client does not read at once") {
  constexpr std::size_t size = 12'000'000;
  support::SiteFolder folder;
  folder.write("large.txt", std::string(size, 'x'));
  Server server{{.folder = folder.site, .args = with_limits(4, long_time, long_time)}};
  Client client{server};
  client.send("GET /large.txt HTTP/1.1\r\nHost: localhost\r\n\r\n");
  client.wait_until_read();
  server.wait_until_at_rest();
  const std::string answer = client.receive_answer();
  expect("the answer", answer.substr(0, 100)).starts_with(line_200);
  expect("bytes behind its header section", answer.size() - answer.find("\r\n\r\n") - 4).is(size);
  client.send(kept_request_to_nowhere);
  expect("the next answer", client.receive_answer()).starts_with(line_404);
}

TEST_CASE_FIXTURE(PatientServer, "clients that have asked for nothing are let go when the server stops") {
  std::list<Client> clients;
  for (int i = 0; i < 3; ++i) {
    clients.emplace_back(server);
    expect_kept_page(clients.emplace_back(server), "the answer");
  }
  server.wait_until_at_rest();
  server.signal(SIGTERM);
  for (Client& client : clients) {
    expect("what a client receives when the server stops", client.receive_all()).is("");
  }
  expect("the server's exit status", static_cast<int>(server.wait())).is(0);
}

TEST_CASE_FIXTURE(PatientServer,
                  "what has begun when the server stops is answered, and is the last; new ones are refused") {
  Client header{server};
  header.send(kept_request.substr(0, some));
  Client second{server};
  expect_kept_page(second, "the first answer");
  second.send(kept_request_to_nowhere.substr(0, 1));
  Client content{server};
  content.send(post("Content-Length: 10", "hello"));
  for (Client* client : {&header, &second, &content}) client->wait_until_read();
  server.wait_until_at_rest();
  server.signal(SIGTERM);
  expect("what a new client gets, after the signal", [&] {
    return answer_to_connect(server.port());
  }).becomes("Connection refused");
  server.wait_until_at_rest();
  content.send("world" + std::string{kept_request});
  expect_last_answer(content, line_405);
  second.send(kept_request_to_nowhere.substr(1));
  expect_last_answer(second, line_404);
  header.send(kept_request.substr(some));
  expect_last_answer(header, line_200);
  for (Client* client : {&header, &second, &content}) client->close();
  expect("the server's exit status", static_cast<int>(server.wait())).is(0);
}
