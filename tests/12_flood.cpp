#include "connection_threads.hpp"

#include "expect/expect.hpp"
#include "report/history.hpp"
#include "server/client.hpp"
#include "server/page_clients.hpp"
#include "server/server.hpp"
#include "system/process_facts.hpp"
#include "threads/idle.hpp"
#include "threads/interposed.hpp"
#include "threads/thread_trouble.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <iterator>
#include <latch>
#include <list>
#include <stdexcept>
#include <string>
#include <thread>

using support::Client;
using support::count_threads;
using support::expect;
using support::expect_page;
using support::page_request;
using support::Server;

namespace {

constexpr int slots = 64;

// What needs that many threads is left to the other sanitizer.
const doctest::skip skipped{support::thread_sanitizer};

// Jobs of one type: the compiler makes one kind of thread of them, not one for each.
struct Counts {
  std::atomic<int>& runs;
  std::latch* then_wait = nullptr;  // none: it ends at once
  void operator()() const {
    ++runs;
    if (then_wait != nullptr) then_wait->wait();
  }
};

// A job that cannot be stored: moving it throws.
struct Unmovable {
  Unmovable() = default;
  Unmovable(const Unmovable&) { throw std::runtime_error{"no memory for this job"}; }
  void operator()() const {}
};

}  // namespace

TEST_CASE("200 silent clients get 64 threads, no more, and all are answered" * skipped) {
  Server server{{.folder = "tests/site"}};
  std::list<Client> clients;
  for (int i = 0; i < 200; ++i) clients.emplace_back(server);
  server.wait_until_at_rest();
  const int threads = count_threads(server.pid());
  if (threads != slots + 1) server.stop();  // before the clients leave, which it would report in any order
  support::history::clear();                // of 200 clients that said nothing
  expect("threads of the server: 64, and the one that accepts", threads).is(slots + 1);
  int number = 0;
  for (Client& client : clients) {
    expect_page(client, "the answer to client " + std::to_string(++number) + " of 200");
  }
  expect("threads when all is done", [&] { return count_threads(server.pid()); }).becomes(1);
}

TEST_CASE("the 65th client waits, and is served as soon as any of the others is done" * skipped) {
  Server server{{.folder = "tests/site"}};
  std::list<Client> silent;
  for (int i = 0; i < slots; ++i) silent.emplace_back(server);
  server.wait_until_at_rest();
  Client waits{server};
  waits.send(page_request);
  server.wait_until_at_rest();
  expect("whether the 65th client is sent away", waits.closed()).is(false);
  std::next(silent.begin(), 10)->close();
  expect("the answer to the 65th client", waits.receive_all()).starts_with("HTTP/1.1 200 OK\r\n");
}

TEST_CASE("a job that cannot be started gives its slot back") {
  int jobs_done = 0;
  {
    ConnectionThreads threads{2};
    for (int i = 0; i < 2; ++i) CHECK_THROWS_AS(threads.start(Unmovable{}), std::runtime_error);
    threads.start([&] { ++jobs_done; });
  }
  expect("jobs done", jobs_done).is(1);
}

TEST_CASE("two slots are two, even after they have been used, and whoever waits for one sleeps") {
  std::latch go{1};
  std::atomic<int> used = 0;
  std::atomic<int> inside = 0;
  ConnectionThreads threads{2};
  for (int i = 0; i < 2; ++i) CHECK_THROWS_AS(threads.start(Unmovable{}), std::runtime_error);
  for (int i = 0; i < 2; ++i) threads.start(Counts{used});
  expect("jobs done", [&] { return used.load(); }).becomes(2);
  std::string meanwhile;
  int most = 0;
  const support::SpuriousWakeUps woken_for_nothing{2};
  {
    const std::jthread starter{[&] {
      for (int i = 0; i < 3; ++i) threads.start(Counts{inside, &go});
    }};
    meanwhile = support::what_others_do();
    most = inside;
    go.count_down();
  }
  expect("jobs that run at the same time", most).is(2);
  expect("what whoever starts the third one does", meanwhile).is("sleep until they are woken");
}

TEST_CASE("slots are used again, and threads that have ended do not pile up") {
  std::latch go{1};
  std::atomic<int> runs = 0;
  ConnectionThreads threads{2};
  for (int i = 0; i < 10; ++i) {
    threads.start(Counts{runs});
    expect("threads of this program: main", [] { return count_threads(::getpid()); }).becomes(1);
  }
  threads.start(Counts{runs, &go});
  const std::size_t not_joined = threads.size();
  go.count_down();
  expect("threads that are kept: the last one", not_joined).is(1);
}

// One slot and quick jobs: each start takes the slot that the job before has given back a moment ago.
TEST_CASE("no more threads are kept than there are slots") {
  std::atomic<int> runs = 0;
  std::size_t most = 0;
  ConnectionThreads threads{1};
  for (int i = 0; i < 20; ++i) {
    threads.start(Counts{runs});
    most = std::max(most, threads.size());
  }
  expect("threads that are kept, of 20 with one slot", most).is(1);
}

TEST_CASE("the answers in flight arrive before the server ends") {
  Server server{{.folder = "tests/site", .args = {"2"}}};  // it ends after two clients
  Client first{server};
  Client second{server};
  server.wait_until_at_rest();
  expect_page(second, "the answer to the second client");
  expect_page(first, "the answer to the first client");
  expect("the server's exit status", static_cast<int>(server.wait())).is(0);
}
