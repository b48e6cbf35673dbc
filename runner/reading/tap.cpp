#include "reading/tap.hpp"

#include <algorithm>
#include <utility>

#include "reading/thread_words.hpp"
#include "text/text.hpp"

namespace runner {
namespace {

constexpr std::size_t most_kept_lines = 2000;  // that are kept of each text
constexpr int longest_line = 1000;             // columns that are kept of each line
constexpr std::size_t most_bytes = 8000;       // of a line that are looked at for that

// The lines below a heading are indented, and belong to it.
constexpr std::pair<std::string_view, Field> headings[] = {
    {"where the server's threads stand:", Field::hang},
    {"server's stderr:", Field::server},
    {"connection ", Field::history},
};

Field below(std::string_view heading) {
  for (const auto& [begin, field] : headings) {
    if (heading.starts_with(begin)) return field;
  }
  return Field::remark;
}

// What a line of a failed test says (tests/support/report/failure.cpp); `before`: those above it.
Line failure_line(std::string text, const Lines& before) {
  constexpr int indent = 2;
  std::string_view rest = text;
  if (before.empty()) {
    auto place = take_place(rest);
    return {.field = Field::compared, .text = std::string(rest), .place = std::move(place), .indent = indent};
  }
  for (const auto field : {Field::given, Field::expected, Field::actual}) {
    const auto mark = trimmed(label(field));
    if (!rest.starts_with(mark)) continue;
    return {.field = field, .text = std::string(trimmed(rest.substr(mark.size()))), .indent = indent};
  }
  if (trimmed(rest).starts_with("^ "))
    return {.field = Field::difference, .text = std::move(text), .indent = indent, .as_it_is = true};
  if (auto thread = thread_line(rest)) {
    thread->indent = indent;
    return *thread;
  }
  if (rest.starts_with("  ")) {
    // Below the last line that is not indented.
    for (auto line = before.rbegin(); line != before.rend(); ++line) {
      if (line->text.starts_with("  ")) continue;
      const auto field = below(line->text);
      return {.field = field, .text = std::move(text), .indent = indent, .as_it_is = field == Field::history};
    }
  }
  if (rest.starts_with("the server ") || rest.starts_with("a sanitizer found a mistake in the server: "))
    return {.field = Field::server, .text = std::move(text), .indent = indent};
  return {.field = Field::remark, .text = std::move(text), .indent = indent};
}

class TapReader {
 public:
  void read(std::string_view line) {
    constexpr std::string_view running = "# running: ";
    constexpr std::string_view failed = "# failed: ";
    constexpr std::string_view server = "# a server is asked for";
    constexpr std::string_view schedule = "# a schedule fails";
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
      failing_ = false;
    } else if (line.starts_with("# story") || line.starts_with("# choice")) {
      return;  // reading/story.hpp reads it
    } else if (line == schedule) {
      report_.has_story = report_.has_story || report_.failed == 0;
    } else if (line == server) {
      report_.asked_for_server = true;
    } else if (line.starts_with(failed)) {
      failing_ = false;
    } else if (!result(line)) {
      rest(line);
    }
  }

  TestReport end() {
    for (auto& result : report_.results) {
      while (!result.lines.empty() && result.lines.back().text.empty()) result.lines.pop_back();
      while (!result.server_stderr.empty() && result.server_stderr.back().empty()) result.server_stderr.pop_back();
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
    rest = trimmed(rest.substr(std::min(rest.find_first_not_of("0123456789"), rest.size())));
    if (rest.starts_with("- ")) rest = trimmed(rest.substr(2));

    TestResult test;
    const auto directive = after(rest, " # ");
    test.hangs = directive.starts_with("HANGS");
    const bool skipped = directive.starts_with("SKIP");
    test.name = replaced(skipped || test.hangs ? rest.substr(0, rest.find(" # ")) : rest, "\\#", "#");
    test.end = skipped ? TestEnd::skipped : failed ? TestEnd::failed : TestEnd::passed;
    ++(skipped ? report_.skipped : failed ? report_.failed : report_.passed);
    report_.results.push_back(std::move(test));
    report_.running.clear();
    failing_ = failed && !skipped;
    return true;
  }

  void rest(std::string_view line) {
    failing_ = failing_ && (line.starts_with("  ") || line.empty());
    if (!failing_) {
      if (!trimmed(line).empty()) keep(report_.other, line);
      return;
    }
    auto& lines = report_.results.back().lines;
    if (lines.size() >= most_kept_lines) return;
    lines.push_back(failure_line(short_enough(line.substr(std::min<std::size_t>(2, line.size()))), lines));
  }

  static std::string short_enough(std::string_view line) {
    return cut_to_width(line.substr(0, most_bytes), longest_line);
  }

  static void keep(std::vector<std::string>& lines, std::string_view line) {
    if (lines.size() < most_kept_lines) lines.push_back(short_enough(line));
  }

  TestReport report_;
  bool failing_ = false;    // indented lines belong to the last result
  bool in_stderr_ = false;  // between the lines that say so: what the server wrote, whatever it looks like
};

}  // namespace

const TestResult* TestReport::first_failure() const {
  const auto found = std::ranges::find(results, TestEnd::failed, &TestResult::end);
  return found == results.end() ? nullptr : &*found;
}

bool TestReport::all_passed() const {
  return planned && *planned > 0 && failed == 0 && running.empty() && passed + skipped == *planned;
}

TestReport read_test_report(std::string_view output) {
  TapReader reader;
  for (const auto line : split_lines(output)) reader.read(line);
  return reader.end();
}

}  // namespace runner
