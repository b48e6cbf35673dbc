#include "connection_threads.hpp"

#include "expect/expect.hpp"
#include "server/client.hpp"
#include "server/page_clients.hpp"
#include "server/server.hpp"
#include "system/process_facts.hpp"
#include "threads/idle.hpp"
#include "threads/interposed.hpp"
#include "threads/thread_trouble.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <latch>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

using support::Client;
using support::expect;
using support::expect_page;
using support::Server;

namespace {

// When a thread has left the system, it has done all that it was to do. One is main.
void expect_threads(int number, support::Place place = support::Place::here()) {
  expect(
      "threads of this program", [] { return support::count_threads(::getpid()); }, place)
      .becomes(number);
}

// Holds jobs up until it is opened.
class Gate {
 public:
  void wait() const { latch_.wait(); }
  void open() {
    if (!std::exchange(is_open_, true)) latch_.count_down();
  }

 private:
  std::latch latch_{1};
  bool is_open_ = false;
};

// Jobs of one type: the compiler makes one kind of thread of them, not one for each.
struct WaitsAt {
  const Gate& gate;
  void operator()() const { gate.wait(); }
};

// Opens it also when the test fails: nobody could join the jobs that it holds up.
struct OpenAtEnd {
  explicit OpenAtEnd(Gate& its_gate) : gate{its_gate} {}
  ~OpenAtEnd() { gate.open(); }
  OpenAtEnd(const OpenAtEnd&) = delete;
  OpenAtEnd& operator=(const OpenAtEnd&) = delete;
  Gate& gate;
};

}  // namespace

TEST_CASE("the answers in flight arrive before the server ends") {
  Server server{{.folder = "tests/site", .args = {"1"}}};  // it ends after one client
  Client client{server};
  server.wait_until_at_rest();
  expect_page(client, "the answer in flight");
  expect("the server's exit status", static_cast<int>(server.wait())).is(0);
}

TEST_CASE("a client that says nothing does not hold up the next one") {
  Server server{{.folder = "tests/site", .args = {"3"}}};  // it ends after three clients
  Client first{server};
  Client second{server};
  server.wait_until_at_rest();
  Client third{server};
  server.wait_until_at_rest();
  expect_page(third, "the answer to the third client");
  expect_page(second, "the answer to the second client");
  expect_page(first, "the answer to the first client");
  expect("the server's exit status", static_cast<int>(server.wait())).is(0);
}

TEST_CASE("threads that have ended do not pile up") {
  const int not_joined = support::threads_not_joined();
  Gate open;
  open.open();
  Gate last;
  ConnectionThreads threads;
  const OpenAtEnd last_ends{last};
  for (int i = 0; i < 10; ++i) {
    threads.start(WaitsAt{open});
    expect_threads(1);
  }
  threads.start(WaitsAt{last});
  expect("threads that nobody has joined: the last one", support::threads_not_joined() - not_joined).is(1);
  expect("threads that are kept: the last one", threads.size()).is(1);
}

TEST_CASE("all that have ended are joined, in whichever order they end") {
  Gate first;
  Gate others;
  ConnectionThreads threads;
  const OpenAtEnd first_ends{first};
  const OpenAtEnd others_end{others};
  threads.start(WaitsAt{first});
  for (int i = 0; i < 5; ++i) threads.start(WaitsAt{others});
  expect("threads that are kept while all run", threads.size()).is(6);
  others.open();
  expect_threads(2);
  threads.start(WaitsAt{first});
  expect("threads that are kept: the first and the last, which run on", threads.size()).is(2);
}

TEST_CASE("those that have ended are joined also when the system has no thread for the next") {
  Gate gate;
  ConnectionThreads threads;
  const OpenAtEnd all_end{gate};
  threads.start(WaitsAt{gate});
  gate.open();
  expect_threads(1);
  {
    const support::ThreadsFail refused{0};
    CHECK_THROWS_AS(threads.start(WaitsAt{gate}), std::system_error);
  }
  expect("threads that are kept when the next is refused", threads.size()).is(0);
}

TEST_CASE("the destructor sleeps while it waits for the last threads") {
  Gate last;
  std::optional<ConnectionThreads> threads{std::in_place};
  threads->start(WaitsAt{last});
  std::string meanwhile;
  {
    const std::jthread ending{[&] { threads.reset(); }};
    meanwhile = support::what_others_do();
    last.open();
  }
  expect("what the thread that destroys ConnectionThreads does", meanwhile).is("sleep until they are woken");
}

TEST_CASE("a job is moved, never copied") {
  int result = 0;
  {
    ConnectionThreads threads;
    threads.start([value = std::make_unique<int>(42), &result] { result = *value; });
  }
  expect("what the job has done when the threads are joined", result).is(42);
}
