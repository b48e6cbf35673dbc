// The other test cases are in tests/shared: hands_off.cpp, for one.
#include "results.hpp"

#include "expect/expect.hpp"
#include "server/client.hpp"
#include "server/kept_clients.hpp"
#include "server/pictures.hpp"
#include "server/server.hpp"
#include "threads/every_schedule.hpp"
#include "threads/interposed.hpp"

#include <doctest/doctest.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

using support::Client;
using support::expect;
using support::expect_kept_page;
using support::field_of;
using support::length_in;
using support::line_200;
using support::long_time;
using support::request_for_picture;
using support::Server;
using support::slow_bytes;
using support::slow_picture;
using support::small_bytes;
using support::small_picture;
using support::with_limits;

// Under every schedule, another thread may come in before each of these calls, as before one for a mutex. They stand
// for those of the eventfd.
static void let_others_come_in() {
  std::mutex nobody_elses;
  const std::lock_guard lock{nobody_elses};
}

extern "C" ssize_t read(int descriptor, void* bytes, std::size_t size) {
  let_others_come_in();
  return ::syscall(SYS_read, descriptor, bytes, size);
}

extern "C" ssize_t write(int descriptor, const void* bytes, std::size_t size) {
  let_others_come_in();
  return ::syscall(SYS_write, descriptor, bytes, size);
}

namespace {

constexpr std::string_view line_503 = "HTTP/1.1 503 Service Unavailable\r\n";
bool is_readable(const Results& results) {
  pollfd descriptor{results.fd(), POLLIN, 0};
  return poll(&descriptor, 1, 0) == 1;
}

// The numbers of the connections, such as "7 8 ".
std::string numbers_in(const std::vector<Results::Result>& results) {
  std::string numbers;
  for (const Results::Result& each : results) numbers += std::to_string(each.connection) + " ";
  return numbers;
}

}  // namespace

TEST_CASE("a picture is sent when it is ready, even if nothing else happens") {
  Server server{{.folder = "tests/site", .args = with_limits(2, long_time, long_time)}};
  Client client{server};
  client.send(small_picture);
  expect("the length of the picture", length_in(client.receive_answer())).is(small_bytes);
  server.wait_until_at_rest();
  client.send(small_picture);
  expect("the length of the second picture", length_in(client.receive_answer())).is(small_bytes);
}

TEST_CASE("while a picture is computed, another client gets its page") {
  Server server{{.folder = "tests/site", .args = with_limits(2, long_time, long_time)}};
  Client artist{server};
  artist.send(slow_picture);
  artist.wait_until_read();
  Client reader{server};
  expect_kept_page(reader, "the answer to the other client");
  expect("whether the picture was there first", artist.has_mail()).is(false);
  expect("the length of the picture", length_in(artist.receive_answer())).is(slow_bytes);
}

TEST_CASE("the descriptor of the results can be read as long as there are some") {
  Results results;
  expect("whether it can be read at first", is_readable(results)).is(false);
  results.put(7, {});
  results.put(8, {});
  expect("whether it can be read when two results are there", is_readable(results)).is(true);
  expect("the results' connections", numbers_in(results.take_all())).is("7 8 ");
  expect("whether it can be read after all have been taken", is_readable(results)).is(false);
  results.put(9, {});
  expect("whether it can be read when another one is there", is_readable(results)).is(true);
}

TEST_CASE("no result is left behind, whenever the loop looks") {
  support::under_every_schedule([] {
    Results results;
    std::string taken;
    const auto look = [&] {
      if (is_readable(results)) taken += numbers_in(results.take_all());
    };
    results.put(1, {});
    {
      std::jthread worker{[&] { results.put(2, {}); }};
      look();
    }
    look();
    support::expect("the results' connections", taken).is("1 2 ");
  });
}

TEST_CASE("a picture that no worker has room for is refused at once, and its client may ask again") {
  constexpr int slow = 4;
  constexpr int quick = 80;  // one worker, and 64 requests that wait for it
  Server server{{.folder = "tests/site", .args = with_limits(1, long_time, long_time)}};
  std::list<Client> artists;
  for (int i = 0; i < slow; ++i) artists.emplace_back(server).send(slow_picture);
  artists.back().wait_until_read();
  std::list<Client> others;
  for (int i = 0; i < quick; ++i) others.emplace_back(server).send(small_picture);
  const std::string refusal = others.back().receive_answer();
  expect("the answer to the last of 84, while the first are drawn", refusal).starts_with(line_503);
  expect("its field Retry-After", field_of(refusal, "Retry-After")).is("1");
  expect("its field Connection", field_of(refusal, "Connection")).is("keep-alive");
  expect("whether the first pictures were there before", artists.back().has_mail()).is(false);
  for (Client& each : artists) expect("the answer to one of the first", each.receive_answer()).starts_with(line_200);
  int drawn = slow;
  for (Client& each : others) {
    if (&each != &others.back()) drawn += each.receive_answer().starts_with(line_200) ? 1 : 0;
  }
  expect("pictures that were drawn", drawn).is_at_least(64);
  others.back().send(small_picture);
  expect("the answer when the client asks again", others.back().receive_answer()).starts_with(line_200);
}
