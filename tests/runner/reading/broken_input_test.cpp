#include <doctest/doctest.h>

#include <csignal>
#include <fstream>
#include <iterator>

#include "course/lesson.hpp"
#include "course/words.hpp"
#include "fixtures.hpp"
#include "reading/diagnostic_words.hpp"
#include "reading/sanitizer_report.hpp"
#include "reading/sanitizer_words.hpp"
#include "reading/signal_end.hpp"
#include "reading/tap.hpp"
#include "text/markdown.hpp"
#include "text/text.hpp"
#include "verify/pages.hpp"

using namespace runner;

namespace {

std::string lesson_text() {
  std::ifstream file(FIXTURES "/lesson.md", std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Everything that reads foreign text reads this; what matters is that it ends, and that sanitizers have no complaint.
void read_all(const std::string& foreign) {
  const auto text = printable(foreign);
  const auto build = read_build(text, {"steps/01_call_first/main.cpp"});
  for (const auto* diagnostic : {&build.first, &build.warning}) {
    if (!*diagnostic) continue;
    CHECK(width_of(shortened((*diagnostic)->message, 60)) <= 60);
    in_words(**diagnostic);
  }
  read_test_report(text);
  if (const auto report = find_sanitizer_report(text)) lines_of(*report);
  signal_end_of(SIGABRT, text);
  render(text, 40, Details::open);
  try {
    problems_of(read_lesson(text));
  } catch (const DocumentError& error) {
    CHECK(error.line() >= 1);
  }
  try {
    read_rows(text);
  } catch (const DocumentError& error) {
    CHECK(error.line() >= 1);
  }
}

}  // namespace

TEST_CASE("texts that break off anywhere are read") {
  for (const auto& name : all_fixtures()) {
    CAPTURE(name);
    const std::string text = fixture(name);
    for (std::size_t end = 0; end < text.size(); end += 1 + text.size() / 9) read_all(text.substr(0, end));
  }
  const std::string lesson = lesson_text();
  for (std::size_t end = 0; end <= lesson.size(); end += 17) read_all(lesson.substr(0, end));
}

TEST_CASE("texts with bytes that do not belong there are read") {
  unsigned random = 1;
  const auto next = [&] { return random = random * 1664525U + 1013904223U; };
  for (const auto& name : {"gcc12/copy_constructible", "clang14/undefined_lld", "gcc12/twice_gold",
                           "clang14/san_race_queue", "tap/03_rebind"}) {
    for (int round = 0; round < 20; ++round) {
      std::string text = fixture(name);
      for (int i = 0; i < 40; ++i) text[next() % text.size()] = static_cast<char>(next() >> 24U);
      read_all(text);
    }
  }
  std::string noise;
  for (int i = 0; i < 100'000; ++i) noise += static_cast<char>(next() >> 24U);
  read_all(noise);
}

TEST_CASE("huge lines and very many lines take no time to speak of") {
  read_all(std::string(500'000, 'x'));
  read_all("steps/a.cpp:1:2: error: " + std::string(500'000, '<') + "\n");
  read_all("FAILED: x\n" + std::string(500'000, ':') + "\n");
  std::string many;
  for (int i = 0; i < 5'000; ++i) many += "steps/a.cpp:" + std::to_string(i) + ":2: error: no\n";
  CHECK(read_build(many, {}).errors == 5'000);
}

TEST_CASE("CR LF makes no difference") {
  for (const auto& name : all_fixtures()) {
    CAPTURE(name);
    const std::string text = fixture(name);
    const std::string windows = replaced(text, "\n", "\r\n");
    const auto one = read_build(text, {});
    const auto other = read_build(windows, {});
    CHECK(one.errors == other.errors);
    if (one.first) CHECK(one.first->message == other.first->message);
    const auto report = find_sanitizer_report(text);
    if (report) CHECK(to_strings(lines_of(*report)) == to_strings(lines_of(*find_sanitizer_report(windows))));
    CHECK(read_test_report(text).failed == read_test_report(windows).failed);
  }
}
