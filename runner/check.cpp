#include "check.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "build_lock.hpp"
#include "common_meanings.hpp"
#include "diagnostics.hpp"
#include "hang.hpp"
#include "ninja_output.hpp"
#include "process.hpp"
#include "sanitizer_report.hpp"
#include "test_report.hpp"
#include "text.hpp"

namespace runner {
namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;

std::string one_line(const std::vector<std::string>& words) {
  std::vector<std::string> quoted;
  for (const auto& word : words) quoted.push_back(shell_quoted(word));
  return join(quoted, " ");
}

std::string_view guarantee(std::string_view sanitizer) {
  return sanitizer == "thread" ? "ThreadSanitizer" : "AddressSanitizer and UBSan";
}

void add_note_lines(std::vector<std::string>& detail, const std::vector<std::string>& lines) {
  detail.insert(detail.end(), lines.begin(), lines.end());
}

constexpr std::size_t most_notes = 2;  // of a compiler's notes, those that are shown

/// The first diagnostic as its compiler prints it, less what does not lie in the learner's files.
std::vector<std::string> lines_of(const Diagnostic& diagnostic, const std::filesystem::path& root) {
  std::vector<std::string> lines = diagnostic.context;
  const bool placed = !diagnostic.place.file.empty();
  const auto message = shortened(diagnostic.message, 400);
  lines.push_back(placed ? fmt::format("{}: {}: {}", to_string(diagnostic.place, true), diagnostic.severity, message)
                         : message);
  auto source = diagnostic.source_lines;
  if (source.empty() && diagnostic.place.line > 0) {
    std::error_code missing;
    if (std::filesystem::is_regular_file(root / diagnostic.place.file, missing)) {
      source = source_with_caret(read_file(root / diagnostic.place.file), diagnostic.place);
    }
  }
  add_note_lines(lines, source);
  for (std::size_t i = 0; i < diagnostic.notes.size() && i < most_notes; ++i) {
    lines.push_back(shortened(diagnostic.notes[i], 160));
  }
  if (diagnostic.origin) lines.push_back(fmt::format("(the error itself lies in {})", to_string(*diagnostic.origin)));
  if (const auto words = in_words(diagnostic); !words.empty()) lines.push_back(words);
  return lines;
}

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

class Check {
 public:
  Check(const BuildFolder& build, const Stage& stage, const CheckRequest& request, const Lesson* lesson,
        std::stop_token stop)
      : build_(build), stage_(stage), request_(request), lesson_(lesson), stop_(std::move(stop)) {}

  Verdict operator()() {
    const auto started = std::chrono::steady_clock::now();
    verdict_.outcome = Outcome::passes;
    for (const auto& sanitizer : request_.sanitizers) {
      if (!request_.built && !build(sanitizer, {"server", "test"})) break;
      if (!test(sanitizer)) break;
    }
    explain();
    verdict_.total = duration_cast<microseconds>(std::chrono::steady_clock::now() - started);
    return std::move(verdict_);
  }

  bool build(std::string_view sanitizer, const std::vector<std::string>& programs) {
    for (const auto& path : {build_.folder, build_.folder / ".ninja_log"}) {
      if (access(path.c_str(), W_OK) == 0 || errno == ENOENT) continue;
      return fail(Outcome::cannot_build, fmt::format("cannot build: {}: {}", path.string(), std::strerror(errno)));
    }
    lock_.emplace(build_.folder, stop_);
    std::vector<std::string> arguments{"-k", "0"};
    if (request_.jobs > 0) arguments.push_back(fmt::format("-j{}", request_.jobs));
    for (const auto& each : programs) arguments.push_back(target(sanitizer, each));
    auto ninja = ninja_command(build_, arguments);
    if (request_.on_progress) ninja.on_output = NinjaProgress(request_.on_progress);
    const auto finished = run(ninja, stop_);
    verdict_.build += finished.elapsed;
    if (finished.end == End::cancelled) return fail(Outcome::cancelled, "stopped");
    verdict_.full_text = printable(finished.output);
    verdict_.command = "ninja -C " + shell_quoted(build_.folder.string()) + " " +
                       one_line({ninja.words.begin() + 1, ninja.words.end()});
    if (finished.end == End::not_started) return fail(Outcome::cannot_build, "cannot build: " + finished.error);
    const auto report = read_build(verdict_.full_text, request_.files);
    if (finished.ok()) {
      if (report.warning) warning_ = lines_of(*report.warning, root());
      return true;
    }
    if (!report.first) return fail(Outcome::cannot_build, "cannot build; the last lines say why", last_lines(10));
    const auto& first = *report.first;
    keep_failed_edges(report);
    if (first.kind == Kind::build_files || first.kind == Kind::compiler_stopped) {
      return fail(Outcome::cannot_build, "cannot build, and that is not your doing", lines_of(first, root()));
    }
    const bool links = first.kind == Kind::undefined_reference || first.kind == Kind::multiple_definition;
    return fail(Outcome::build_fails,
                fmt::format("does not {}: {}", links ? "link" : "compile",
                            report.errors > 1 ? fmt::format("the first of {} errors", report.errors) : "1 error"),
                lines_of(first, root()));
  }

  std::filesystem::path program(std::string_view sanitizer, std::string_view name) const {
    return build_.folder / target(sanitizer, name);
  }

  Verdict take() {
    explain();
    return std::move(verdict_);
  }

 private:
  std::string target(std::string_view sanitizer, std::string_view program) const {
    return fmt::format("{}.{}.{}.{}", stage_.name, request_.kind, sanitizer, program);
  }

  // The build folder lies in .learn/NAME below the root.
  std::filesystem::path root() const { return build_.folder.parent_path().parent_path(); }

  bool fail(Outcome outcome, std::string headline, std::vector<std::string> detail = {}) {
    verdict_.outcome = outcome;
    verdict_.headline = std::move(headline);
    verdict_.detail = std::move(detail);
    return false;
  }

  // What the failed commands printed, without ninja's own lines.
  void keep_failed_edges(const BuildReport& report) {
    std::string text;
    for (const auto& edge : report.edges) {
      if (!edge.failed || edge.command.empty()) continue;
      if (text.empty())
        verdict_.command = edge.command;
      else
        text += fmt::format("\n$ {}\n", edge.command);
      text += edge.text;
      if (!text.ends_with('\n')) text += '\n';
    }
    if (!text.empty()) verdict_.full_text = std::move(text);
  }

  std::vector<std::string> last_lines(std::size_t most) const {
    const auto lines = split_lines(verdict_.full_text);
    const auto first = lines.end() - static_cast<std::ptrdiff_t>(std::min(most, lines.size()));
    return {first, lines.end()};
  }

  bool test(std::string_view sanitizer) {
    if (lock_) lock_->share();
    Command test;
    test.words = {program(sanitizer, "test").string()};
    if (request_.first_failure) test.words.emplace_back("--abort-after=1");
    test.folder = root();
    test.environment = stage_environment();
    test.time_limit = request_.limit;
    test.on_overrun = [this](pid_t session) { return where_threads_stand(session, stop_); };
    const auto finished = run(test, stop_);
    verdict_.tests += finished.elapsed;
    if (finished.end == End::cancelled) return fail(Outcome::cancelled, "stopped");
    verdict_.full_text = printable(finished.output);
    verdict_.command = one_line(test.words);
    if (finished.end == End::not_started) return fail(Outcome::cannot_build, "cannot start: " + finished.error);
    if (!finished.left_behind.empty()) {
      verdict_.notes.push_back("Left running, and ended by the runner: " + join(finished.left_behind, ", "));
    }
    const auto report = read_test_report(verdict_.full_text);
    const auto sanitizer_report = first_sanitizer_report(verdict_.full_text);
    const auto under = report.running.empty() ? std::string() : fmt::format(" in the test \"{}\"", report.running);
    const auto* failure = report.first_failure();
    if (failure != nullptr) verdict_.first_test = failure->name;
    if (failure == nullptr) verdict_.first_test = report.running;
    if (sanitizer_report) {
      verdict_.sanitizer_kind = sanitizer_report->kind;
      auto lines = runner::lines_of(*sanitizer_report);
      lines.insert(lines.begin(), fmt::format("{}: {}", to_string(sanitizer_report->tool), sanitizer_report->message));
      if (!verdict_.first_test.empty()) lines.insert(lines.begin(), "test: " + verdict_.first_test);
      lines.push_back(sanitizer_report->meaning);
      return fail(Outcome::sanitizer, fmt::format("is stopped by {}", to_string(sanitizer_report->tool)), lines);
    }
    if (failure != nullptr) {
      std::vector<std::string> lines{"test: " + failure->name};
      for (const auto& line : failure->lines) lines.push_back("  " + line);
      const int rest = report.planned.value_or(0) - report.passed - report.failed - report.skipped;
      auto headline = fmt::format("compiles; {} of {} {}", report.failed, counted(report.planned.value_or(0), "test"),
                                  report.failed == 1 ? "fails" : "fail");
      if (rest > 0) headline += fmt::format(", and {} could not run", rest);
      return fail(Outcome::test_fails, headline + (report.failed == 1 ? "" : "; the first:"), lines);
    }
    if (finished.end == End::overran) {
      std::vector<std::string> lines;
      if (!report.running.empty()) lines.push_back("test: " + report.running);
      for (const auto line : split_lines(finished.hang)) lines.emplace_back(line);
      const auto seconds = static_cast<double>(request_.limit.count()) / 1000;
      return fail(Outcome::hangs, fmt::format("hangs: stopped after {:g} s", seconds), lines);
    }
    if (finished.end == End::flooded) {
      return fail(Outcome::floods,
                  fmt::format("prints without end{}: stopped after {} MB", under, test.output_limit >> 20),
                  last_lines(5));
    }
    if (finished.end == End::killed_by_signal) {
      auto lines = std::vector<std::string>{signal_in_words(finished.code, verdict_.full_text)};
      if (!report.running.empty()) lines.insert(lines.begin(), "test: " + report.running);
      for (const auto& line : report.other) lines.push_back("  " + line);
      return fail(Outcome::crashes, "crashes", lines);
    }
    if (!finished.ok() || !report.all_passed()) {
      std::vector<std::string> lines;
      if (!report.running.empty()) lines.push_back("test: " + report.running);
      for (const auto& line : report.other) lines.push_back("  " + line);
      if (report.running.empty()) {
        return fail(Outcome::crashes, fmt::format("ends with exit code {} outside its tests", finished.code), lines);
      }
      lines.push_back("This test did not come to its end: something that it calls ended the whole program.");
      return fail(Outcome::crashes, fmt::format("ends in the middle of a test, with exit code {}", finished.code),
                  lines);
    }
    verdict_.passed.push_back(
        fmt::format("{} under {} ({})", counted(report.passed, "test"), guarantee(sanitizer), build_.compiler));
    return true;
  }

  void explain() {
    if (verdict_.passes()) {
      verdict_.headline = "passes";
      verdict_.detail = warning_;
    }
    if (verdict_.passes()) return;
    const auto shown = join(verdict_.detail, "\n");
    const bool build_fails = verdict_.outcome == Outcome::build_fails;
    const auto* meaning = lesson_ != nullptr ? meaning_of(*lesson_, shown) : nullptr;
    if (meaning == nullptr && build_fails) verdict_.meaning = common_meaning(shown);
    // A compiler's message may be cut above; other tests' failures are not what is shown.
    if (meaning == nullptr && build_fails && verdict_.meaning.empty() && lesson_ != nullptr) {
      meaning = meaning_of(*lesson_, verdict_.full_text);
    }
    if (meaning != nullptr) verdict_.meaning = meaning->text;
  }

  const BuildFolder& build_;
  const Stage& stage_;
  const CheckRequest& request_;
  const Lesson* lesson_;
  std::stop_token stop_;
  Verdict verdict_;
  std::vector<std::string> warning_;
  std::optional<BuildLock> lock_;
};

}  // namespace

CheckRequest step_request(const Stage& stage) {
  CheckRequest request;
  for (const auto& file : stage.own) request.files.push_back("steps/" + stage.name + "/" + file);
  request.files.push_back("tests/" + stage.name + ".cpp");
  request.sanitizers = stage.sanitizers;
  // Only for the runner's own tests, and for machines that are very slow: in seconds.
  if (const char* limit = std::getenv("SERVERLINGS_TIME_LIMIT"); limit != nullptr && std::atof(limit) > 0) {
    request.limit = std::chrono::milliseconds(static_cast<int>(std::atof(limit) * 1000));
  }
  return request;
}

Verdict check(const BuildFolder& build, const Stage& stage, const CheckRequest& request, const Lesson* lesson,
              std::stop_token stop) {
  return Check(build, stage, request, lesson, std::move(stop))();
}

std::optional<Verdict> build_server(const BuildFolder& build, const Stage& stage, const CheckRequest& request,
                                    const Lesson* lesson, std::filesystem::path& server, std::stop_token stop) {
  Check check(build, stage, request, lesson, std::move(stop));
  const auto& sanitizer = request.sanitizers.front();
  if (!check.build(sanitizer, {"server"})) return check.take();
  server = check.program(sanitizer, "server");
  return std::nullopt;
}

std::optional<Lesson> lesson_of(const Course& course, const Stage& stage, std::string* problem) {
  try {
    return read_lesson(read_file(course.lesson(stage)));
  } catch (const LessonError& error) {
    if (problem != nullptr) *problem = fmt::format("docs/{}.md:{}: {}", stage.name, error.line(), error.what());
  } catch (const std::exception& error) {
    if (problem != nullptr) *problem = error.what();
  }
  return std::nullopt;
}

}  // namespace runner
