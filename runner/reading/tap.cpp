#include "reading/tap.hpp"

#include <algorithm>
#include <utility>

#include "text/text.hpp"

namespace runner {
namespace {

constexpr std::size_t most_kept_lines = 2000;  // that are kept of each text
constexpr int longest_line = 1000;             // columns that are kept of each line
constexpr std::size_t most_bytes = 8000;       // of a line that are looked at for that

class TapReader {
 public:
  void read(std::string_view line) {
    constexpr std::string_view running = "# running: ";
    constexpr std::string_view failed = "# failed: ";
    if (line == "# server's stderr begins") {
      in_stderr_ = true;
    } else if (line == "# server's stderr ends") {
      in_stderr_ = false;
    } else if (in_stderr_) {
      keep(report_.results.empty() ? report_.other : report_.results.back().server_stderr, line);
    } else if (const auto planned = plan(line)) {
      report_.planned = planned;
    } else if (line.starts_with(running)) {
      report_.running = trimmed(line.substr(running.size()));
      report_.failed_already.clear();
      failing_ = false;
    } else if (line.starts_with(failed)) {
      report_.failed_already = trimmed(line.substr(failed.size()));
      failing_ = false;
    } else if (!result(line)) {
      rest(line);
    }
  }

  TestReport end() {
    for (auto& result : report_.results) {
      for (auto* lines : {&result.lines, &result.server_stderr}) {
        while (!lines->empty() && lines->back().empty()) lines->pop_back();
      }
    }
    return std::move(report_);
  }

 private:
  // "1..6"
  static std::optional<int> plan(std::string_view line) {
    if (!line.starts_with("1..")) return std::nullopt;
    const auto number = line.substr(3);
    return to_number(trimmed(number.substr(0, number.find('#'))));
  }

  // "not ok 1 - a restarted server gets its port again"
  bool result(std::string_view line) {
    const bool failed = line.starts_with("not ok");
    if (!failed && !line.starts_with("ok")) return false;
    auto rest = line.substr(failed ? 6 : 2);
    if (!rest.empty() && rest.front() != ' ') return false;
    rest = trimmed(rest);
    const auto digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
    rest = trimmed(rest.substr(digits));
    if (rest.starts_with("- ")) rest = trimmed(rest.substr(2));

    TestResult test;
    const auto directive = rest.find(" # ");
    const bool skipped = directive != std::string_view::npos && rest.substr(directive + 3).starts_with("SKIP");
    test.name = replaced(skipped ? rest.substr(0, directive) : rest, "\\#", "#");
    test.end = skipped ? TestEnd::skipped : failed ? TestEnd::failed : TestEnd::passed;
    ++(skipped ? report_.skipped : failed ? report_.failed : report_.passed);
    report_.results.push_back(std::move(test));
    report_.running.clear();
    report_.failed_already.clear();
    failing_ = failed && !skipped;
    return true;
  }

  void rest(std::string_view line) {
    failing_ = failing_ && (line.starts_with("  ") || line.empty());
    if (!failing_) {
      if (!trimmed(line).empty()) keep(report_.other, line);
      return;
    }
    auto& test = report_.results.back();
    if (test.lines.empty()) test.place = place_of(trimmed(line));
    keep(test.lines, line.substr(std::min<std::size_t>(2, line.size())));
  }

  static void keep(std::vector<std::string>& lines, std::string_view line) {
    if (lines.size() < most_kept_lines) lines.push_back(cut_to_width(line.substr(0, most_bytes), longest_line));
  }

  // "tests/03_rebind.cpp:24: the server starts a second time"
  static Place place_of(std::string_view line) {
    const auto end = line.find(": ");
    const auto colon = line.substr(0, end).rfind(':');
    if (end == std::string_view::npos || colon == std::string_view::npos) return {};
    const auto number = to_number(line.substr(colon + 1, end - colon - 1));
    return number ? Place{repository_path(line.substr(0, colon)), *number, 0} : Place{};
  }

  TestReport report_;
  bool failing_ = false;    // indented lines belong to the last result
  bool in_stderr_ = false;  // between the lines that say so: what the server wrote, whatever it looks like
};

}  // namespace

const TestResult* TestReport::first_failure() const {
  for (const auto& result : results) {
    if (result.end == TestEnd::failed) return &result;
  }
  return nullptr;
}

bool TestReport::all_passed() const {
  return planned && *planned > 0 && failed == 0 && running.empty() && passed + skipped == *planned;
}

TestReport read_test_report(std::string_view output) {
  const std::string text = printable(output);
  TapReader reader;
  for (const auto line : split_lines(text)) reader.read(line);
  return reader.end();
}

}  // namespace runner
