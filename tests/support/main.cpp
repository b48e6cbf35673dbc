// The test programs' main: doctest, with a reporter that speaks TAP (testanything.org) and explains a failure in at
// most `most_lines` lines. `--console` brings doctest's own output; its options work as ever.
#define DOCTEST_CONFIG_IMPLEMENT
#define DOCTEST_CONFIG_NO_POSIX_SIGNALS  // a crash is the sanitizer's to report, or the runner's
#include <doctest/doctest.h>

#include "bytes.hpp"
#include "history.hpp"
#include "report.hpp"
#include "server.hpp"

#include <sys/prctl.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr std::size_t most_lines = 14;  // of a failure
constexpr std::size_t most_columns = 100;

struct Failure {
  std::string place;  // tests/03_rebind.cpp:24, or empty
  std::string message;
  std::vector<std::string> details;  // expected: …, actual: …
  std::vector<std::string> given;    // from INFO and SUBCASE
};

std::string place_of(const char* file, int line) {
  return support::report::path_in_repository(file) + ":" + std::to_string(line);
}

// Columns, not bytes: the only letters beyond ASCII here are "…".
std::string cut(std::string text, std::size_t columns = most_columns) {
  std::size_t width = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xc0) == 0x80) continue;
    if (++width == columns && i + 1 < text.size()) return text.substr(0, i) + "…";
  }
  return text;
}

// A line of our own text: control characters escaped, the rest (UTF-8 too) as it is.
std::string printable(std::string_view text) {
  std::string result;
  for (const char letter : text) {
    const bool control = static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f;
    result += control ? support::escaped({&letter, 1}) : std::string{letter};
  }
  return result;
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> lines;
  for (std::size_t end = 0; end != text.npos; text.remove_prefix(end == text.npos ? 0 : end + 1)) {
    end = text.find('\n');
    lines.push_back(printable(text.substr(0, end)));
  }
  return lines;
}

std::vector<std::string> active_infos() {
  std::vector<std::string> infos;
  const int count = doctest::IReporter::get_num_active_contexts();
  const doctest::IContextScope* const* contexts = doctest::IReporter::get_active_contexts();
  for (int i = 0; i < count; ++i) {
    std::ostringstream text;
    contexts[i]->stringify(&text);
    infos.push_back(printable(text.str()));
  }
  return infos;
}

Failure failure_of(const doctest::AssertData& data) {
  Failure failure{place_of(data.m_file, data.m_line), "", {}, active_infos()};
  const std::string macro = doctest::assertString(data.m_at);
  const std::string expression = printable(data.m_expr);
  // CHECK_MESSAGE's text is the innermost context; without one the check speaks for itself.
  if (failure.given.empty()) {
    failure.message = macro + "( " + expression + " )";
  } else {
    failure.message = failure.given.back();
    failure.given.pop_back();
    failure.details.push_back("expected: " + std::string{data.m_at & doctest::assertType::is_false ? "not: " : ""} +
                              expression);
  }
  std::string actual;
  if (data.m_threw) {
    actual = "exception: " + std::string{data.m_exception.c_str()};
  } else if (data.m_at & (doctest::assertType::is_throws | doctest::assertType::is_throws_as |
                          doctest::assertType::is_throws_with)) {
    actual = "no exception";
    failure.details.push_back("expected: an exception" +
                              (*data.m_exception_type != 0 ? " of type " + std::string{data.m_exception_type} : ""));
  } else {
    actual = data.m_decomp.c_str();
  }
  failure.details.push_back("actual:   " + printable(actual));
  return failure;
}

class TapReporter : public doctest::IReporter {
 public:
  explicit TapReporter(const doctest::ContextOptions& options) : options_{options} {}

  static inline unsigned planned = 0;

  void report_query(const doctest::QueryData&) override {}
  void test_run_start() override { print("1.." + std::to_string(planned)); }
  void test_run_end(const doctest::TestRunStats&) override {}

  void test_case_start(const doctest::TestCaseData& test) override {
    ++number_;
    test_ = &test;
    failure_.reset();
    subcases_.clear();
    support::history::clear();
    support::report::clear();
    print(std::string{"# running: "} + test.m_name);
  }

  void test_case_reenter(const doctest::TestCaseData&) override { subcases_.clear(); }

  void test_case_end(const doctest::CurrentTestCaseStats& stats) override {
    const std::string line = std::to_string(number_) + " - " + test_->m_name;
    if (stats.failure_flags == 0 || test_->m_may_fail) return print("ok " + line);
    print("not ok " + line);
    if (!failure_) note({place_of(test_->m_file.c_str(), static_cast<int>(test_->m_line)), "the test fails", {}, {}});
    print_failure();
  }

  void test_case_exception(const doctest::TestCaseException& exception) override {
    Failure failure{
        place_of(test_->m_file.c_str(), static_cast<int>(test_->m_line)), "an exception left the test", {}, {}};
    failure.details.push_back("actual:   " + printable(exception.error_string.c_str()));
    for (int i = 0; i < get_num_stringified_contexts(); ++i) {
      failure.given.push_back(printable(get_stringified_contexts()[i].c_str()));
    }
    note(std::move(failure));
  }

  void subcase_start(const doctest::SubcaseSignature& subcase) override {
    subcases_.push_back(printable(subcase.m_name.c_str()));
  }
  void subcase_end() override {}

  void log_assert(const doctest::AssertData& data) override {
    if (data.m_failed && !(data.m_at & doctest::assertType::is_warn)) note(failure_of(data));
  }

  void log_message(const doctest::MessageData& data) override {
    std::vector<std::string> lines = split(data.m_string.c_str());
    if (data.m_severity & doctest::assertType::is_warn) {
      for (const std::string& line : lines) print("# " + line);
      return;
    }
    Failure failure{place_of(data.m_file, data.m_line), lines[0], {lines.begin() + 1, lines.end()}, active_infos()};
    note(std::move(failure));
  }

  void test_case_skipped(const doctest::TestCaseData&) override {}

 private:
  void print(const std::string& line) { *options_.cout << line << '\n' << std::flush; }

  // Only the first failure of a test case is told: the others mostly follow from it.
  void note(Failure failure) {
    if (failure_) return;
    failure.given.insert(failure.given.begin(), subcases_.begin(), subcases_.end());
    support::history::freeze();
    support::note_servers_at_failure();
    failure_ = std::move(failure);
  }

  // Whether a line says so already: "it exited with status 1" for "the server exited with status 1".
  static bool is_told(const std::vector<std::string>& lines, std::string_view words) {
    for (const std::string_view start : {"the server ", "a sanitizer found a mistake in the server: "}) {
      if (words.starts_with(start)) words.remove_prefix(start.size());
    }
    return std::any_of(lines.begin(), lines.end(),
                       [words](const std::string& line) { return line.find(words) != line.npos; });
  }

  void print_failure() {
    std::vector<std::string> lines{failure_->place + ": " + failure_->message};
    for (const std::string& given : failure_->given) lines.push_back("given:    " + given);
    lines.insert(lines.end(), failure_->details.begin(), failure_->details.end());

    std::string whole_stderr;
    for (const support::report::ServerEnd& end : support::report::ends()) {
      if (!end.words.empty() && !is_told(lines, end.words)) lines.push_back(end.words);
      whole_stderr += end.stderr_text;
    }
    std::vector<std::string> stderr_lines = support::report::meaningful_lines(whole_stderr);
    if (!stderr_lines.empty() && is_told(lines, stderr_lines[0])) stderr_lines.erase(stderr_lines.begin());
    const std::size_t fixed = lines.size() + (stderr_lines.empty() ? 0 : 1 + stderr_lines.size());
    if (fixed + 2 <= most_lines) {
      const std::vector<std::string> history = support::history::lines(most_lines - fixed);
      lines.insert(lines.end(), history.begin(), history.end());
    }
    if (!stderr_lines.empty()) lines.emplace_back("server's stderr:");
    for (const std::string& line : stderr_lines) lines.push_back("  " + printable(line));

    for (std::size_t i = 0; i < lines.size() && i < most_lines; ++i) print("  " + cut(lines[i], most_columns - 2));
    if (lines.size() > most_lines) print("  … " + std::to_string(lines.size() - most_lines) + " more lines");
    if (whole_stderr.empty()) return;
    print("# server's stderr begins");
    print(whole_stderr.ends_with('\n') ? whole_stderr.substr(0, whole_stderr.size() - 1) : whole_stderr);
    print("# server's stderr ends");
  }

  const doctest::ContextOptions& options_;
  const doctest::TestCaseData* test_ = nullptr;
  int number_ = 0;
  std::optional<Failure> failure_;
  std::vector<std::string> subcases_;
};

// Finds out how many test cases the options select, without running them.
class CountingReporter : public TapReporter {
 public:
  using TapReporter::TapReporter;
  void report_query(const doctest::QueryData& query) override { planned = query.num_data; }
};

REGISTER_REPORTER("tap", 0, TapReporter);
REGISTER_REPORTER("tap-plan", 0, CountingReporter);

bool names_a_reporter(std::string_view argument) {
  for (const std::string_view option : {"-r=", "--r=", "-reporters=", "--reporters=", "-dt-r=", "--dt-r=",
                                        "-dt-reporters=", "--dt-reporters=", "--console"}) {
    if (argument.starts_with(option)) return true;
  }
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  ::prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);  // so that gdb may look at a test that hangs
  ::setenv("LC_ALL", "C", 1);

  doctest::Context context{argc, argv};
  for (int i = 1; i < argc; ++i) {
    if (names_a_reporter(argv[i])) return context.run();
  }
  if (context.shouldExit()) return context.run();  // --help, --list-test-cases and the like

  std::vector<const char*> arguments{argv, argv + argc};
  arguments.push_back("--list-test-cases");
  doctest::Context plan{static_cast<int>(arguments.size()), arguments.data()};
  plan.addFilter("reporters", "tap-plan");
  plan.run();

  context.addFilter("reporters", "tap");
  return context.run();
}
