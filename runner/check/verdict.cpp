#include "check/verdict.hpp"

#include <fmt/core.h>

#include <csignal>
#include <iterator>
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

void append(Lines& lines, Lines more) {
  std::move(more.begin(), more.end(), std::back_inserter(lines));
}

Lines begin_with_test(const std::string& name) {
  return name.empty() ? Lines{} : Lines{{.field = Field::test, .text = name}};
}

Lines output_lines(const std::vector<std::string>& output) {
  Lines lines;
  for (const auto& line : output) lines.push_back({.field = Field::output, .text = line, .indent = 2});
  return lines;
}

// Lines that only rows are matched with: a sanitizer's tool beside its kind.
std::string sentence_of(const SanitizerReport& report, const Words& words) {
  const Lines kind{{.field = Field::sanitizer, .text = report.kind},
                   {.field = Field::output, .text = std::string(to_string(report.tool))}};
  const auto* row = row_for(words.sanitizers, kind);
  return row != nullptr ? render_inline(row->text) : std::string();
}

class Judge {
 public:
  Judge(const std::filesystem::path& root, const Words& words, const TestReport& report,
        const std::optional<SanitizerReport>& sanitizer_report, Verdict& verdict)
      : root_(root), words_(words), report_(report), sanitizer_report_(sanitizer_report), verdict_(verdict) {}

  // What comes before whatever else went wrong: a sanitizer's report, or the words of the first test that failed. An
  // abort is told by aborts(), unless a test failed before. False: neither is there.
  bool first() {
    const auto* failure = report_.first_failure();
    verdict_.first_test = failure != nullptr ? failure->name : report_.running;
    verdict_.asked_for_server = report_.asked_for_server;
    if (sanitizer_report_ && sanitizer_report_->kind != "ABRT")
      is_stopped(*sanitizer_report_);
    else if (failure != nullptr)
      fails_a_test(*failure);
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
  void fail(Outcome outcome, std::string headline, Lines detail) {
    verdict_.outcome = outcome;
    verdict_.headline = std::move(headline);
    verdict_.detail = std::move(detail);
  }

  void is_stopped(const SanitizerReport& report) {
    verdict_.sanitizer_kind = report.kind;
    auto lines = begin_with_test(verdict_.first_test);
    append(lines, lines_of(report, root_));
    if (auto sentence = sentence_of(report, words_); !sentence.empty()) lines.push_back({.text = std::move(sentence)});
    fail(Outcome::sanitizer, fmt::format("is stopped by {}", to_string(report.tool)), std::move(lines));
  }

  void fails_a_test(const TestResult& failure) {
    auto lines = begin_with_test(failure.name);
    append(lines, failure.lines);
    // As the watchdog in the test program says, which ended it.
    if (failure.hangs) return fail(Outcome::hangs, "hangs: every thread waits", std::move(lines));
    const int planned = report_.planned.value_or(0);
    const int rest = planned - report_.passed - report_.failed - report_.skipped;
    auto headline = fmt::format("compiles; {} of {} {}", report_.failed, counted(planned, "test"),
                                report_.failed == 1 ? "fails" : "fail");
    if (rest > 0) headline += fmt::format(", and {} could not run", rest);
    if (report_.failed != 1) headline += "; the first:";
    fail(Outcome::test_fails, std::move(headline), std::move(lines));
  }

  void hangs(const Finished& finished, std::chrono::milliseconds limit) {
    auto lines = begin_with_test(report_.running);
    const auto hang = printable(finished.hang);
    for (const auto line : split_lines(hang)) {
      lines.push_back(thread_line(line).value_or(Line{.text = std::string(line)}));
    }
    const auto seconds = static_cast<double>(limit.count()) / 1000;
    auto headline = fmt::format("hangs: stopped after {:g} s", seconds);
    lines.push_back({.field = Field::rule, .text = "time-limit"});
    fail(Outcome::hangs, std::move(headline), std::move(lines));
  }

  void floods(std::size_t output_limit) {
    const auto under = report_.running.empty() ? std::string() : fmt::format(" in the test \"{}\"", report_.running);
    Lines lines;
    for (const auto& line : last_lines(verdict_.full_text, 5)) lines.push_back({.field = Field::output, .text = line});
    fail(Outcome::floods, fmt::format("prints without end{}: stopped after {} MB", under, output_limit >> 20),
         std::move(lines));
  }

  void add_end(Lines& lines, int signal) const {
    lines.push_back({.field = Field::ended, .text = signal_in_words(signal, verdict_.full_text, words_)});
    lines.push_back({.field = Field::rule, .text = signal_end_of(signal, verdict_.full_text).rule});
  }

  // The sanitizer's report of an abort says where it was; what for, the C++ library has printed before.
  void aborts(const SanitizerReport& stack) {
    auto lines = begin_with_test(report_.running);
    add_end(lines, SIGABRT);
    for (const auto& part : stack.parts) {
      if (part.elsewhere) continue;
      for (const auto& frame : part.frames) {
        lines.push_back(frame_line(frame, root_));
        if (&frame != &part.frames.front()) continue;
        for (auto& line : source_line(root_, frame.place))
          lines.push_back({.field = Field::at, .text = std::move(line), .as_it_is = true});
      }
      break;
    }
    fail(Outcome::crashes, "crashes", std::move(lines));
  }

  void crashes(int signal) {
    auto lines = begin_with_test(report_.running);
    add_end(lines, signal);
    append(lines, output_lines(report_.other));
    fail(Outcome::crashes, "crashes", std::move(lines));
  }

  void exits(int code) {
    auto lines = begin_with_test(report_.running);
    append(lines, output_lines(report_.other));
    if (report_.running.empty())
      return fail(Outcome::crashes, fmt::format("ends with exit code {} outside its tests", code), std::move(lines));
    lines.push_back({.field = Field::ended,
                     .text = "This test did not come to its end: something that it calls ended the whole program.",
                     .whole = fmt::format("exit code {}", code)});
    fail(Outcome::crashes, fmt::format("ends in the middle of a test, with exit code {}", code), std::move(lines));
  }

  const std::filesystem::path& root_;
  const Words& words_;
  const TestReport& report_;
  const std::optional<SanitizerReport>& sanitizer_report_;
  Verdict& verdict_;
};

}  // namespace

std::optional<int> judge_tests(const TestRun& run, Verdict& verdict) {
  const auto report = read_test_report(verdict.full_text);
  const auto sanitizer_report = first_sanitizer_report(verdict.full_text);
  Judge judge(run.root, run.words, report, sanitizer_report, verdict);
  if (judge.first()) return std::nullopt;
  if (run.finished.ok() && !sanitizer_report && report.all_passed()) return report.passed;
  judge.ends(run);
  return std::nullopt;
}

bool judge_first_failure(const std::filesystem::path& root, const Words& words, Verdict& verdict) {
  const auto output = up_to_first_failure(verdict.full_text);
  if (output.size() == verdict.full_text.size()) return false;
  const auto report = read_test_report(output);
  if (report.first_failure() == nullptr) return false;  // a server's own words looked like a failure
  const auto sanitizer_report = first_sanitizer_report(output);
  Judge(root, words, report, sanitizer_report, verdict).first();
  if (verdict.outcome == Outcome::test_fails) verdict.headline = "compiles; the first test that fails:";
  return true;
}

void explain(const Words& words, Verdict& verdict) {
  const auto* row = row_for(words.rows, verdict.detail);
  if (row == nullptr) return;
  verdict.arrow = row->name();
  verdict.meaning = row->text;
  for (const auto& line : verdict.detail) {
    if (line.field != Field::rule || line.text.find('|') == std::string::npos) continue;
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
