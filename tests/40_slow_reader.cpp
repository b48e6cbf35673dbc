// The other test cases are in tests/shared.
#include "expect/expect.hpp"
#include "report/history.hpp"
#include "server/client.hpp"
#include "server/kept_clients.hpp"
#include "server/server.hpp"
#include "server/site.hpp"
#include "system/process_facts.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <stdlib.h>

#include <algorithm>
#include <cstddef>
#include <list>
#include <string>
#include <string_view>

using support::Client;
using support::count_answers;
using support::expect;
using support::expect_kept_page;
using support::kept_request;
using support::kept_request_to_nowhere;
using support::line_200;
using support::line_404;
using support::Place;

namespace {

constexpr std::string_view request = "GET /long.txt HTTP/1.1\r\nHost: localhost\r\n\r\n";
constexpr std::string_view last_request = "GET /long.txt HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
constexpr std::size_t line_size = 100;

// No two lines are the same.
std::string numbered_lines(std::size_t size) {
  std::string text;
  for (int number = 1; text.size() < size; ++number) {
    std::string line = "line " + std::to_string(number) + " ";
    line.resize(line_size - 1, '.');
    text += line + "\n";
  }
  return text;
}

// A server with a page of 16 MB: more than the system keeps for a client that does not read (4 MB or so, on Linux).
struct LongPage {
  LongPage() {
    site.write("long.txt", page);
    site.write("index.html", "<!DOCTYPE html><title>short</title>\n");
    site.write("page.txt", page.substr(0, 20'000));
  }

  // The client receives this page whole; what follows it is not received.
  void expect_long_page(Client& client, std::string_view what, Place place = Place::here()) const {
    const std::string answer = client.receive_answer(place);
    expect(what, answer, place).starts_with(line_200);
    expect_whole(std::string_view{answer}.substr(answer.find("\r\n\r\n") + 4), place);
  }

  void expect_whole(std::string_view body, Place place) const {
    support::history::clear();  // how many bytes come at a time differs from run to run
    for (std::size_t at = 0; at < page.size(); at += line_size) {
      const std::string_view line = body.substr(std::min(at, body.size()), line_size);
      if (line == page.substr(at, line_size)) continue;
      expect("a line of the long page", line, place).is(page.substr(at, line_size));
    }
    expect("what follows the long page", body.substr(page.size()), place).is("");
  }

  // A client that has asked for the long page, and reads nothing of it; the server has sent what there is room for.
  void asks(Client& client, std::string_view text) {
    client.send(text);
    client.wait_until_read();
    server.wait_until_at_rest();
  }

  const std::string page = numbered_lines(16'000'000);
  support::SiteFolder site;
  support::Server server{{.folder = site.site}};
};

// AddressSanitizer keeps memory that is freed, in order to find its use, and so a server would seem to need more. One
// that is started from here on frees at once.
struct FreesAtOnce {
  FreesAtOnce() { ::setenv(name, (before + ":quarantine_size_mb=0:thread_local_quarantine_size_kb=0").c_str(), 1); }
  ~FreesAtOnce() { ::setenv(name, before.c_str(), 1); }
  FreesAtOnce(const FreesAtOnce&) = delete;
  FreesAtOnce& operator=(const FreesAtOnce&) = delete;

  static constexpr const char* name = "ASAN_OPTIONS";
  const std::string before = ::getenv(name) == nullptr ? "" : ::getenv(name);
};
struct LongPageCounted : FreesAtOnce, LongPage {};

}  // namespace

TEST_CASE_FIXTURE(LongPage, "a client that does not read its answer holds up nobody") {
  Client slow{server};
  slow.send(request);
  slow.wait_until_read();
  Client next{server};
  expect_kept_page(next, "the answer to the next client");
}

TEST_CASE_FIXTURE(LongPage, "an answer that a client begins to read late arrives whole") {
  Client slow{server};
  asks(slow, request);
  expect_long_page(slow, "the answer");
}

TEST_CASE_FIXTURE(LongPage, "an answer that is the last arrives whole, too, and then the end") {
  Client slow{server};
  asks(slow, last_request);
  const support::Received answer = slow.receive_all();
  expect("the answer", answer).starts_with(line_200);
  expect_whole(std::string_view{answer.bytes}.substr(answer.bytes.find("\r\n\r\n") + 4), Place::here());
}

TEST_CASE_FIXTURE(LongPage, "requests that came together are answered in order, although nothing more comes") {
  Client slow{server};
  asks(slow, std::string{request}.append(kept_request_to_nowhere).append(request).append(kept_request));
  expect_long_page(slow, "the first answer");
  expect("the second answer", slow.receive_answer()).starts_with(line_404);
  expect_long_page(slow, "the third answer");
  expect("the fourth answer", slow.receive_answer()).starts_with(line_200);
}

TEST_CASE_FIXTURE(LongPage, "what a client asks while an answer waits for it is answered afterwards") {
  Client slow{server};
  asks(slow, request);
  slow.send(kept_request_to_nowhere);
  server.wait_until_at_rest();
  slow.send(kept_request);
  server.wait_until_at_rest();
  expect_long_page(slow, "the first answer");
  expect("the second answer", slow.receive_answer()).starts_with(line_404);
  expect("the third answer", slow.receive_answer()).starts_with(line_200);
}

TEST_CASE_FIXTURE(LongPage, "100 Continue comes behind the answer that waits") {
  Client slow{server};
  asks(slow, std::string{request} +
                 "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
  expect_long_page(slow, "the answer to the first request");
  expect("what comes before the content", slow.receive_answer()).is("HTTP/1.1 100 Continue\r\n\r\n");
  slow.send("hello");
  expect("the answer to the second request", slow.receive_answer()).starts_with("HTTP/1.1 405 ");
}

TEST_CASE_FIXTURE(LongPage, "the server sleeps while its clients neither read nor ask") {
  Client reader{server};
  expect_kept_page(reader, "the answer");
  server.wait_until_at_rest();
  Client slow{server};
  asks(slow, request);
  expect_long_page(slow, "the answer to a client that begins to read late");
  server.wait_until_at_rest();
}

// The page has 20,000 bytes, so that the answers of one client are 20 MB, of which the system keeps 4 MB or so. Every
// other client sends megabytes, and the others send short requests, of which many are received at the same time.
TEST_CASE_FIXTURE(LongPageCounted, "clients that ask a thousand times and read nothing cost little memory") {
  constexpr int clients = 20;
  constexpr long long memory_of_each = 500'000;
  std::string short_requests;
  std::string long_requests;
  for (int i = 0; i < 1'000; ++i) {
    short_requests += "GET /page.txt HTTP/1.1\r\nHost: localhost\r\n\r\n";
    long_requests += "GET /page.txt HTTP/1.1\r\nHost: localhost\r\nCookie: " + std::string(4'000, 'c') + "\r\n\r\n";
  }
  Client reader{server};
  expect_kept_page(reader, "the answer to a client that reads");
  server.wait_until_at_rest();
  const long long before = support::peak_memory(server.pid());
  std::list<Client> slow;
  for (int i = 0; i < clients; ++i) {
    slow.emplace_back(server).send_what_fits(i % 2 == 0 ? short_requests : long_requests);
    server.wait_until_at_rest();
    support::history::clear();
    expect("bytes of memory, for 20 clients that do not read", support::peak_memory(server.pid()) - before)
        .is_at_most(clients * memory_of_each);
  }
  expect_kept_page(reader, "the answer to a client that reads");
}

TEST_CASE_FIXTURE(LongPage, "a client that leaves amid its answer leaves nothing behind") {
  server.wait_until_at_rest();
  const int before = support::count_descriptors(server.pid());
  Client closes{server};
  Client resets{server};
  for (Client* client : {&closes, &resets}) asks(*client, request);
  closes.close();
  resets.reset();
  expect("open descriptors", [&] { return support::count_descriptors(server.pid()); }).becomes(before);
  Client next{server};
  expect_kept_page(next, "the answer to the next client");
}

TEST_CASE_FIXTURE(LongPage, "an answer that waits when the server stops is sent whole, and the server ends") {
  Client slow{server};
  asks(slow, request);
  Client last{server};
  asks(last, last_request);
  ::kill(server.pid(), SIGTERM);
  server.wait_until_at_rest();
  expect_long_page(slow, "the answer");
  const support::Received rest = slow.receive_all();
  expect("what follows it", rest).is("");
  const support::Received answer = last.receive_all();
  expect("the answer to a request that says close", answer).starts_with(line_200);
  expect_whole(std::string_view{answer.bytes}.substr(answer.bytes.find("\r\n\r\n") + 4), Place::here());
  last.close();
  expect("the server's exit status", static_cast<int>(server.wait())).is(0);
}
