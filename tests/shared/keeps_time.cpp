// Test cases: what a server that waits for all of its clients at once does when one of them takes too long, from
// outside.
#include "expect/expect.hpp"
#include "report/place.hpp"
#include "server/client.hpp"
#include "server/kept_clients.hpp"
#include "server/server.hpp"
#include "server/site.hpp"
#include "system/process_facts.hpp"

#include <doctest/doctest.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#include <string>
#include <string_view>

using support::Client;
using support::expect;
using support::expect_kept_page;
using support::field_of;
using support::kept_request;
using support::line_200;
using support::long_time;
using support::Place;
using support::request_with;
using support::Server;
using support::with_limits;

namespace {

constexpr std::string_view line_405 = "HTTP/1.1 405 Method Not Allowed\r\n";
constexpr std::string_view line_408 = "HTTP/1.1 408 Request Timeout\r\n";
constexpr std::string_view half = "GET / HTTP/1.1\r\n";
constexpr std::string_view post = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n";

// Clients have a time that a test can wait for; or else, longer than a test lasts.
struct Impatient {
  Server server{{.folder = "tests/site", .args = with_limits(4, 300, long_time)}};
};
struct Patient {
  Server server{{.folder = "tests/site", .args = with_limits(4, long_time, long_time)}};
};

void expect_late(Client& client, Place place = Place::here()) {
  const support::Received answer = client.receive_all(place);
  expect("the answer to a client that is late", answer, place).starts_with(line_408);
  expect("its field Connection", field_of(answer.bytes, "Connection"), place).is("close");
}

}  // namespace

TEST_CASE_FIXTURE(Impatient, "a client that says nothing gets 408 when its time is over") {
  Client client{server};
  expect_late(client);
}

TEST_CASE_FIXTURE(Impatient, "a client that stops amid its request gets 408 when its time is over") {
  Client client{server};
  client.send(half);
  expect_late(client);
}

TEST_CASE_FIXTURE(Patient, "the server sleeps until the next deadline") {
  Client silent{server};
  Client kept{server};
  expect_kept_page(kept, "the answer");
  server.wait_until_at_rest();
  const long long before = support::cpu_milliseconds(server.pid());
  Client client{server};
  client.send("GET /sleep?ms=1000 HTTP/1.1\r\nHost: localhost\r\n\r\n");
  expect("the answer of /sleep", client.receive_answer()).starts_with(line_200);
  expect("milliseconds of a processor meanwhile, of 1,000", support::cpu_milliseconds(server.pid()) - before)
      .is_at_most(300);
}

TEST_CASE("a client that asks for nothing more is let go without a word") {
  Server server{{.folder = "tests/site", .args = with_limits(4, long_time, 300)}};
  Client client{server};
  expect_kept_page(client, "the first answer");
  expect("what the client receives after its answer", client.receive_all()).is("");
}

TEST_CASE(
    "a client that is silent from the start has the time for a header section, and not that between two requests") {
  Server server{{.folder = "tests/site", .args = with_limits(4, 600, 50)}};
  Client silent{server};
  expect_late(silent);
}

TEST_CASE_FIXTURE(Impatient, "half a request behind a whole one gets 408, too, if it is never finished") {
  Client later{server};
  expect_kept_page(later, "the first answer");
  later.send(half);
  expect_late(later);
  Client together{server};
  together.send(std::string{kept_request}.append(half));
  expect("the first answer", together.receive_answer()).starts_with(line_200);
  expect_late(together);
}

// It has half a second, so that it takes a very busy machine to hold up two bytes for so long.
TEST_CASE("a byte now and then wins no time") {
  Server server{{.folder = "tests/site", .args = with_limits(4, 500, long_time)}};
  Client client{server};
  client.send("GET / HTTP/1.1\r\nHost: ");
  // Five seconds in all, which are only there against hanging.
  for (int bytes = 0; bytes < 500 && !client.has_mail() && !client.closed(); ++bytes) {
    client.send("l");
    poll(nullptr, 0, 10);
  }
  expect("whether there is an answer while the client goes on", client.has_mail()).is(true);
  expect("the answer", client.receive_all().bytes).starts_with(line_408);
}

TEST_CASE("each request has all its time") {
  Server server{{.folder = "tests/site", .args = with_limits(4, 800, long_time)}};
  Client client{server};
  for (int i = 0; i < 4; ++i) {  // 1.2 s in all
    client.send(kept_request.substr(0, 20));
    poll(nullptr, 0, 300);
    client.send(kept_request.substr(20));
    expect("the answer to a request that takes 300 ms", client.receive_answer()).starts_with(line_200);
  }
}

TEST_CASE_FIXTURE(Impatient, "content has a time of its own") {
  Client client{server};
  client.send(post);
  client.wait_until_read();
  poll(nullptr, 0, 600);
  if (client.has_mail()) expect("what comes before the content", client.receive_answer()).is("");
  client.send("hello");
  expect("the answer", client.receive_answer()).starts_with(line_405);
}

TEST_CASE("a client that takes its answer late is no late request") {
  support::SiteFolder site;
  site.write("long.txt", std::string(16'000'000, 'x'));
  Server server{{.folder = site.site, .args = with_limits(4, 250, 250)}};
  Client client{server};
  client.send("GET /long.txt HTTP/1.1\r\nHost: localhost\r\n\r\n");
  client.wait_until_read();
  poll(nullptr, 0, 1'100);  // the system takes a little more of it now and then, and that counts as progress
  expect("bytes of the answer", client.receive_answer().size()).is_at_least(16'000'000);
  expect("what follows it", client.receive_all()).is("");
}

TEST_CASE("what has come counts, even if the server sees it late") {
  Server server{{.folder = "tests/site", .args = with_limits(4, 700, long_time)}};
  INFO("the server is stopped, and woken after the client's time (SIGSTOP, SIGCONT)");
  for (int i = 0; i < 10; ++i) {
    Client client{server};
    server.wait_until_at_rest();
    ::kill(server.pid(), SIGSTOP);
    siginfo_t info{};
    ::waitid(P_PID, static_cast<id_t>(server.pid()), &info, WSTOPPED | WEXITED | WNOWAIT);
    const bool was_too_slow = client.has_mail();  // on a busy machine
    client.send(kept_request);
    poll(nullptr, 0, 800);
    ::kill(server.pid(), SIGCONT);
    if (was_too_slow) continue;
    expect("the answer", client.receive_answer()).starts_with(line_200);
    return;
  }
}

TEST_CASE_FIXTURE(Patient, "a client that does not close after its last answer is let go after a second") {
  server.wait_until_at_rest();
  const int before = support::count_descriptors(server.pid());
  Client stays{server};
  stays.send(request_with("HTTP/1.1", {"Connection: close"}));
  expect("the last answer", stays.receive_all()).starts_with(line_200);
  expect("open descriptors", [&] { return support::count_descriptors(server.pid()); }).becomes(before);
}

TEST_CASE_FIXTURE(Impatient, "after the signal, a request that has begun has no more time than before") {
  Client client{server};
  client.send(half);
  client.wait_until_read();
  ::kill(server.pid(), SIGTERM);
  expect_late(client);
  client.close();
  expect("the server's exit status", static_cast<int>(server.wait())).is(0);
}
