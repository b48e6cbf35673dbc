#include "check/verdict.hpp"

#include <fmt/core.h>

#include <csignal>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reading/sanitizer_report.hpp"
#include "reading/sanitizer_words.hpp"
#include "reading/tap.hpp"
#include "text/text.hpp"

namespace runner {
namespace {

// A sanitizer's report in a later test is not what is to be mended first.
std::string_view up_to_first_failure(std::string_view output) {
  constexpr std::string_view fails = "not ok ";
  const auto failure = output.starts_with(fails) ? 0 : output.find(fmt::format("\n{}", fails));
  return failure == std::string_view::npos ? output : output.substr(0, output.find("\n# running: ", failure));
}

// A server's whole report stands between these lines; before them, in the failure itself, it is told in short.
std::string_view server_stderr(std::string_view output) {
  const auto begin = output.find("\n# server's stderr begins\n");
  if (begin == std::string_view::npos) return {};
  return output.substr(begin, output.find("\n# server's stderr ends", begin) - begin);
}

std::optional<SanitizerReport> first_sanitizer_report(std::string_view output) {
  const auto text = up_to_first_failure(output);
  auto report = find_sanitizer_report(server_stderr(text));
  return report ? report : find_sanitizer_report(text);
}

void fail(Verdict& verdict, Outcome outcome, std::string headline, std::vector<std::string> detail) {
  verdict.outcome = outcome;
  verdict.headline = std::move(headline);
  verdict.detail = std::move(detail);
}

void fail_by_sanitizer(Verdict& verdict, const SanitizerReport& report, const std::filesystem::path& root) {
  verdict.sanitizer_kind = report.kind;
  std::vector<std::string> lines;
  if (!verdict.first_test.empty()) lines.push_back("test: " + verdict.first_test);
  lines.push_back(fmt::format("{}: {}", to_string(report.tool), report.message));
  for (auto& line : lines_of(report, root)) lines.push_back(std::move(line));
  lines.push_back(report.meaning);
  fail(verdict, Outcome::sanitizer, fmt::format("is stopped by {}", to_string(report.tool)), std::move(lines));
}

void fail_by_test(Verdict& verdict, const TestReport& report, const TestResult& failure) {
  std::vector<std::string> lines{"test: " + failure.name};
  for (const auto& line : failure.lines) lines.push_back("  " + line);
  // What the watchdog in the test program says, which ended it.
  if (!failure.lines.empty() && failure.lines.front().find(": hangs: ") != std::string::npos) {
    return fail(verdict, Outcome::hangs, "hangs: every thread waits", std::move(lines));
  }
  const int planned = report.planned.value_or(0);
  const int rest = planned - report.passed - report.failed - report.skipped;
  auto headline = fmt::format("compiles; {} of {} {}", report.failed, counted(planned, "test"),
                              report.failed == 1 ? "fails" : "fail");
  if (rest > 0) headline += fmt::format(", and {} could not run", rest);
  if (report.failed != 1) headline += "; the first:";
  fail(verdict, Outcome::test_fails, std::move(headline), std::move(lines));
}

// What is said of an end without a verdict of the tests themselves: the test under way, `sentence`, the program's
// output.
std::vector<std::string> end_lines(const TestReport& report, const std::string& sentence = {}) {
  std::vector<std::string> lines;
  if (!report.running.empty()) lines.push_back("test: " + report.running);
  if (!sentence.empty()) lines.push_back(sentence);
  for (const auto& line : report.other) lines.push_back("  " + line);
  return lines;
}

void fail_by_hang(Verdict& verdict, const TestReport& report, const Finished& finished,
                  std::chrono::milliseconds limit) {
  std::vector<std::string> lines;
  if (!report.running.empty()) lines.push_back("test: " + report.running);
  for (const auto line : split_lines(finished.hang)) lines.emplace_back(line);
  const auto seconds = static_cast<double>(limit.count()) / 1000;
  fail(verdict, Outcome::hangs, fmt::format("hangs: stopped after {:g} s", seconds), std::move(lines));
}

// The sanitizer's report of an abort says where it was; what for, the C++ library has printed before.
void fail_by_abort(Verdict& verdict, const TestReport& report, const SanitizerReport& stack,
                   const std::filesystem::path& root) {
  std::vector<std::string> lines;
  if (!report.running.empty()) lines.push_back("test: " + report.running);
  lines.push_back(signal_in_words(SIGABRT, verdict.full_text));
  for (const auto& part : stack.parts) {
    if (part.elsewhere) continue;
    for (const auto& frame : part.frames) {
      lines.push_back(fmt::format("  {} ({})", function_in_words(frame.function), to_string(frame.place)));
      if (&frame != &part.frames.front()) continue;
      for (auto& line : source_line(root, frame.place)) lines.push_back(std::move(line));
    }
    break;
  }
  fail(verdict, Outcome::crashes, "crashes", std::move(lines));
}

void fail_by_flood(Verdict& verdict, const TestReport& report, std::size_t output_limit) {
  const auto under = report.running.empty() ? std::string() : fmt::format(" in the test \"{}\"", report.running);
  fail(verdict, Outcome::floods, fmt::format("prints without end{}: stopped after {} MB", under, output_limit >> 20),
       last_lines(verdict.full_text, 5));
}

void fail_by_exit(Verdict& verdict, const TestReport& report, int code) {
  auto lines = end_lines(report);
  if (report.running.empty()) {
    return fail(verdict, Outcome::crashes, fmt::format("ends with exit code {} outside its tests", code),
                std::move(lines));
  }
  lines.emplace_back("This test did not come to its end: something that it calls ended the whole program.");
  fail(verdict, Outcome::crashes, fmt::format("ends in the middle of a test, with exit code {}", code),
       std::move(lines));
}

// What comes before whatever else went wrong: a sanitizer's report, or the words of the first test that failed. An
// abort is told by fail_by_abort, unless a test failed before. False: neither is there.
bool fail_by_first(const TestReport& report, const std::optional<SanitizerReport>& sanitizer_report,
                   const std::filesystem::path& root, Verdict& verdict) {
  const auto* failure = report.first_failure();
  verdict.first_test = failure != nullptr ? failure->name : report.running;
  if (sanitizer_report && sanitizer_report->kind != "ABRT")
    fail_by_sanitizer(verdict, *sanitizer_report, root);
  else if (failure != nullptr)
    fail_by_test(verdict, report, *failure);
  else
    return false;
  return true;
}

}  // namespace

std::optional<int> judge_tests(const Finished& finished, std::chrono::milliseconds limit, std::size_t output_limit,
                               const std::filesystem::path& root, Verdict& verdict) {
  const auto report = read_test_report(verdict.full_text);
  const auto sanitizer_report = first_sanitizer_report(verdict.full_text);
  if (fail_by_first(report, sanitizer_report, root, verdict)) return std::nullopt;
  if (finished.end == End::overran)
    fail_by_hang(verdict, report, finished, limit);
  else if (finished.end == End::flooded)
    fail_by_flood(verdict, report, output_limit);
  else if (sanitizer_report)  // an abort
    fail_by_abort(verdict, report, *sanitizer_report, root);
  else if (finished.end == End::killed_by_signal)
    fail(verdict, Outcome::crashes, "crashes", end_lines(report, signal_in_words(finished.code, verdict.full_text)));
  else if (!finished.ok() || !report.all_passed())
    fail_by_exit(verdict, report, finished.code);
  else
    return report.passed;
  return std::nullopt;
}

bool judge_first_failure(const std::filesystem::path& root, Verdict& verdict) {
  const auto output = up_to_first_failure(verdict.full_text);
  if (output.size() == verdict.full_text.size()) return false;
  const auto report = read_test_report(output);
  if (report.first_failure() == nullptr) return false;  // a server's own words looked like a failure
  fail_by_first(report, first_sanitizer_report(output), root, verdict);
  if (verdict.outcome == Outcome::test_fails) verdict.headline = "compiles; the first test that fails:";
  return true;
}

bool cannot_start(std::string_view output) {
  return output.find("FATAL: ThreadSanitizer: unexpected memory mapping") != std::string_view::npos;
}

}  // namespace runner
