// Test cases: requests that leave a doubt about where they end. Nothing that follows one of them may be answered.
#include "doubtful_requests.hpp"
#include "expect/expect.hpp"
#include "report/history.hpp"
#include "report/place.hpp"
#include "server/client.hpp"
#include "server/kept_clients.hpp"
#include "server/server.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

using support::Client;
using support::count_answers;
using support::Doubtful;
using support::expect;
using support::expect_kept_page;
using support::field_of;
using support::kept_request_to_nowhere;
using support::long_time;
using support::Place;
using support::Server;
using support::with_limits;

namespace {

// Each is the first and last request on a connection. Meanwhile another client is served as ever.
void expect_refusals(const std::vector<Doubtful>& requests, Place place = Place::here()) {
  const Server server{{.folder = "tests/site", .args = with_limits(4, long_time, 1'000)}, place};
  for (const auto& [what, text, start] : requests) {
    support::history::clear();
    const std::string request{what};
    Client client{server, place};
    client.send(text + std::string{kept_request_to_nowhere}, place);
    const support::Received answers = client.receive_all(place);
    expect("the answer to " + request, answers, place).starts_with(start);
    expect("answers to " + request + " and what follows it", count_answers(answers.bytes), place).is(1);
    expect("the field Connection after " + request, field_of(answers.bytes, "Connection"), place).is("close");
    client.close();
  }
  Client another{server, place};
  expect_kept_page(another, "the answer to an ordinary client after these", place);
}

}  // namespace

TEST_CASE("a length in doubt is refused") {
  expect_refusals(support::doubtful_lengths());
}

TEST_CASE("a coding in doubt is refused") {
  expect_refusals(support::doubtful_codings());
}

TEST_CASE("the size of a chunk in doubt is refused") {
  expect_refusals(support::doubtful_chunk_sizes());
}

TEST_CASE("the end of a chunk in doubt is refused") {
  expect_refusals(support::doubtful_chunk_ends());
}

TEST_CASE("a header section, a target or a trailer section without an end is refused") {
  expect_refusals(support::endless_requests());
}
