#include "check/verdict.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <csignal>
#include <utility>

#include "reading/sanitizer_report.hpp"
#include "reading/sanitizer_words.hpp"
#include "reading/signal_end.hpp"
#include "reading/tap.hpp"
#include "reading/thread_words.hpp"
#include "text/markdown.hpp"
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

// Says in a verdict what is the first thing to mend.
class Judge {
 public:
  // `output`: what the tests have printed.
  Judge(const std::filesystem::path& root, const Words& words, std::string_view output, Verdict& verdict)
      : root_(root),
        words_(words),
        report_(read_test_report(output)),
        sanitizer_report_(first_sanitizer_report(output)),
        verdict_(verdict) {
    verdict_.first_test = has_failure() ? report_.first_failure()->name : report_.running;
    verdict_.asked_for_server = report_.asked_for_server;
    verdict_.has_story = report_.has_story;
    verdict_.detail.clear();
    if (!verdict_.first_test.empty()) add({.field = Field::test, .text = verdict_.first_test});
  }

  bool has_failure() const { return report_.first_failure() != nullptr; }
  bool all_passed() const { return !sanitizer_report_ && report_.all_passed(); }
  int passed() const { return report_.passed; }

  // What comes before whatever else went wrong: a sanitizer's report, or the words of the first test that failed. An
  // abort is told by aborts(), unless a test failed before. False: neither is there.
  bool first() {
    if (sanitizer_report_ && sanitizer_report_->kind != "ABRT")
      is_stopped(*sanitizer_report_);
    else if (has_failure())
      fails_a_test(*report_.first_failure());
    else
      return false;
    return true;
  }

  void ends(const TestRun& run) {
    const auto& finished = run.finished;
    if (finished.end == End::overran) return hangs(finished, run.limit);
    if (finished.end == End::flooded) return floods(run.output_limit);
    if (sanitizer_report_) return aborts(*sanitizer_report_);
    if (finished.end == End::killed_by_signal) return crashes(finished.code);
    exits(finished.code);
  }

 private:
  void fail(Outcome outcome, std::string headline) {
    verdict_.outcome = outcome;
    verdict_.headline = std::move(headline);
  }

  void add(Line line) { verdict_.detail.push_back(std::move(line)); }
  void add(const Lines& lines) { verdict_.detail.insert(verdict_.detail.end(), lines.begin(), lines.end()); }

  void is_stopped(const SanitizerReport& report) {
    verdict_.sanitizer_kind = report.kind;
    add(lines_of(report, root_));
    if (const auto* row = row_for(words_.sanitizers, verdict_.detail)) add({.text = render_inline(row->text)});
    fail(Outcome::sanitizer, fmt::format("is stopped by {}", to_string(report.tool)));
  }

  void fails_a_test(const TestResult& failure) {
    add(failure.lines);
    // As the watchdog in the test program says, which ended it.
    if (failure.hangs) return fail(Outcome::hangs, "hangs: every thread waits");
    const int planned = report_.planned.value_or(0);
    const int rest = planned - report_.passed - report_.failed - report_.skipped;
    auto headline = fmt::format("compiles; {} of {} {}", report_.failed, counted(planned, "test"),
                                report_.failed == 1 ? "fails" : "fail");
    if (rest > 0) headline += fmt::format(", and {} could not run", rest);
    if (report_.failed != 1) headline += "; the first:";
    fail(Outcome::test_fails, std::move(headline));
  }

  void hangs(const Finished& finished, std::chrono::milliseconds limit) {
    const auto hang = printable(finished.hang);
    for (const auto line : split_lines(hang)) add(thread_line(line).value_or(Line{.text = std::string(line)}));
    add({.field = Field::rule, .text = "time-limit"});
    fail(Outcome::hangs, fmt::format("hangs: stopped after {:g} s", static_cast<double>(limit.count()) / 1000));
  }

  void floods(std::size_t output_limit) {
    const auto under = report_.running.empty() ? std::string() : fmt::format(" in the test \"{}\"", report_.running);
    verdict_.detail.clear();
    for (auto& line : last_lines(verdict_.full_text, 5)) add({.field = Field::output, .text = std::move(line)});
    fail(Outcome::floods, fmt::format("prints without end{}: stopped after {} MB", under, output_limit >> 20));
  }

  // The sanitizer's report of an abort says where it was; what for, the C++ library has printed before.
  void aborts(const SanitizerReport& stack) {
    add_end(SIGABRT);
    const auto part = std::ranges::find(stack.parts, false, &ReportPart::elsewhere);
    fail(Outcome::crashes, "crashes");
    if (part == stack.parts.end()) return;
    for (const auto& frame : part->frames) {
      add(frame_line(frame, root_));
      if (&frame != &part->frames.front()) continue;
      for (auto& line : source_line(root_, frame.place))
        add({.field = Field::at, .text = std::move(line), .as_it_is = true});
    }
  }

  void crashes(int signal) {
    add_end(signal);
    add_other_output();
    fail(Outcome::crashes, "crashes");
  }

  void exits(int code) {
    add_other_output();
    if (report_.running.empty())
      return fail(Outcome::crashes, fmt::format("ends with exit code {} outside its tests", code));
    add({.field = Field::ended,
         .text = "This test did not come to its end: something that it calls ended the whole program.",
         .whole = fmt::format("exit code {}", code)});
    fail(Outcome::crashes, fmt::format("ends in the middle of a test, with exit code {}", code));
  }

  void add_end(int signal) {
    add({.field = Field::ended, .text = signal_in_words(signal, verdict_.full_text, words_)});
    add({.field = Field::rule, .text = signal_end_of(signal, verdict_.full_text).rule});
  }

  void add_other_output() {
    for (const auto& line : report_.other) add({.field = Field::output, .text = line, .indent = 2});
  }

  const std::filesystem::path& root_;
  const Words& words_;
  const TestReport report_;
  const std::optional<SanitizerReport> sanitizer_report_;
  Verdict& verdict_;
};

}  // namespace

std::optional<int> judge_tests(const TestRun& run, Verdict& verdict) {
  Judge judge(run.root, run.words, verdict.full_text, verdict);
  if (judge.first()) return std::nullopt;
  if (run.finished.ok() && judge.all_passed()) return judge.passed();
  judge.ends(run);
  return std::nullopt;
}

bool judge_first_failure(const std::filesystem::path& root, const Words& words, Verdict& verdict) {
  const auto output = up_to_first_failure(verdict.full_text);
  if (output.size() == verdict.full_text.size()) return false;
  Judge judge(root, words, output, verdict);
  if (!judge.has_failure()) return false;  // a server's own words looked like a failure
  judge.first();
  if (verdict.outcome == Outcome::test_fails) verdict.headline = "compiles; the first test that fails:";
  return true;
}

void explain(const Words& words, Verdict& verdict) {
  const auto* row = row_for(words.rows, verdict.detail);
  if (row == nullptr) return;
  verdict.arrow = row->name();
  verdict.meaning = row->text;
  for (const auto& line : verdict.detail) {
    if (line.field != Field::rule) continue;
    const auto facts = split(line.text, '|');
    verdict.meaning = filled(verdict.meaning, {facts.begin() + 1, facts.end()});
  }
}

std::string signal_in_words(int signal, std::string_view output, const Words& words) {
  const auto end = signal_end_of(signal, output);
  const auto text = text_of(words.signals, end.rule, {});
  return text.empty() ? end.signal : fmt::format("{}: {}", end.signal, filled(render_inline(text), end.facts));
}

bool cannot_start(std::string_view output) {
  return output.find("FATAL: ThreadSanitizer: unexpected memory mapping") != std::string_view::npos;
}

}  // namespace runner
