#include "check/check.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <thread>

#include "check/build_lock.hpp"
#include "check/hang.hpp"
#include "check/stale_objects.hpp"
#include "check/time_limit.hpp"
#include "check/warnings.hpp"
#include "reading/diagnostics.hpp"
#include "reading/ninja_output.hpp"
#include "system/files.hpp"
#include "system/process.hpp"
#include "text/text.hpp"

namespace runner {
namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;

constexpr std::size_t most_output_before_failure = 1'000'000;  // bytes; after more than that, the end is waited for

std::string one_line(const std::vector<std::string>& words) {
  std::vector<std::string> quoted;
  for (const auto& word : words) quoted.push_back(shell_quoted(word));
  return join(quoted, " ");
}

std::string_view guarantee(std::string_view sanitizer) {
  return sanitizer == "thread" ? "ThreadSanitizer" : "AddressSanitizer and UBSan";
}

class Check {
 public:
  Check(const BuildFolder& build, const Stage& stage, const CheckRequest& request, std::stop_token stop)
      : build_(build), stage_(stage), request_(request), stop_(std::move(stop)) {}

  Verdict operator()() {
    const auto started = std::chrono::steady_clock::now();
    verdict_.outcome = Outcome::passes;
    if (!request_.sanitizers.empty()) build_and_test(0);
    finish(verdict_);
    verdict_.total = duration_cast<microseconds>(std::chrono::steady_clock::now() - started);
    return std::move(verdict_);
  }

  bool build(std::string_view sanitizer, const std::vector<std::string>& programs) {
    for (const auto& path : {build_.folder, build_.folder / ".ninja_log"}) {
      if (access(path.c_str(), W_OK) == 0 || errno == ENOENT) continue;
      return fail(Outcome::cannot_build, fmt::format("cannot build: {}: {}", path.string(), std::strerror(errno)));
    }
    if (lock_ == nullptr) lock_ = std::make_shared<BuildLock>(build_.folder, stop_);
    if (build_.is_stale) run(ninja_command(build_, {"reconfigure"}), stop_);
    if (request_.kind == "step") delete_stale_objects(build_.folder, root() / "steps", stage_);
    // What the learner wrote does not wait for what else a test program needs, which takes long the first time.
    if (programs.size() > 1 && request_.kind == "step" && !is_file(program(sanitizer, "test"))) {
      const auto tests = fmt::format("{}.p/tests_{}.cpp.o", target(sanitizer, "test"), stage_.name);
      if (!build_targets({target(sanitizer, "server"), tests})) return false;
    }
    std::vector<std::string> targets;
    for (const auto& each : programs) targets.push_back(target(sanitizer, each));
    return build_targets(targets);
  }

  bool build_targets(const std::vector<std::string>& targets) {
    std::vector<std::string> arguments{"-k", "0"};
    if (request_.jobs > 0) arguments.push_back(fmt::format("-j{}", request_.jobs));
    arguments.insert(arguments.end(), targets.begin(), targets.end());
    auto ninja = ninja_command(build_, arguments);
    // Its quick look at the headers of the last time does not see a new one that hides another.
    if (request_.kind == "step") ninja.environment.emplace_back("CCACHE_NODIRECT", "1");
    ninja.on_output = NinjaProgress(
        [this](int done, int all) { request_.on_activity(fmt::format("building … {} of {}", done, all)); });
    const auto finished = run(ninja, stop_);
    verdict_.build += finished.elapsed;
    if (finished.end == End::cancelled) return fail(Outcome::cancelled, "stopped");
    verdict_.full_text = printable(finished.output);
    verdict_.command = "ninja -C " + shell_quoted(build_.folder.string()) + " " +
                       one_line({ninja.words.begin() + 1, ninja.words.end()});
    if (finished.end == End::not_started) return fail(Outcome::cannot_build, "cannot build: " + finished.error);
    const auto report = read_build(verdict_.full_text, request_.files);
    keep_warnings(build_, verdict_.full_text);
    if (finished.ok()) return true;
    if (!report.first) {
      Lines lines;
      for (auto& line : last_lines(verdict_.full_text, 10))
        lines.push_back({.field = Field::output, .text = std::move(line)});
      return fail(Outcome::cannot_build, "cannot build; the last lines say why", std::move(lines));
    }
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
    finish(verdict_);
    return std::move(verdict_);
  }

 private:
  std::string target(std::string_view sanitizer, std::string_view program) const {
    return fmt::format("{}.{}.{}.{}", stage_.name, request_.kind, sanitizer, program);
  }

  // The build folder lies in .learn/NAME below the root.
  std::filesystem::path root() const { return build_.folder.parent_path().parent_path(); }

  bool fail(Outcome outcome, std::string headline, Lines detail = {}) {
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

  bool build_and_test(std::size_t number) {
    const auto& sanitizer = request_.sanitizers[number];
    if (!(request_.built && number == 0) && !build(sanitizer, {"server", "test"})) return false;
    if (number + 1 < request_.sanitizers.size()) {
      return request_.at_once ? test_beside(number) : test(sanitizer) && build_and_test(number + 1);
    }
    if (lock_ != nullptr) lock_->share();
    return test(sanitizer);
  }

  // The next sanitizer's programs are built and tested meanwhile. What that finds counts once this one's tests have
  // passed; when they fail, it is stopped.
  bool test_beside(std::size_t number) {
    CheckRequest quiet = request_;
    quiet.on_activity = [](const std::string&) {};
    std::atomic<bool> counts = false;
    Verdict both;
    std::jthread beside([&](std::stop_token stop) {
      Check next(build_, stage_, quiet, std::move(stop));
      next.verdict_.outcome = Outcome::passes;
      next.lock_ = lock_;
      next.counts_ = &counts;
      next.build_and_test(number + 1);
      both = std::move(next.verdict_);
    });
    const std::stop_callback stops_both(stop_, [&] { beside.request_stop(); });
    if (!test(request_.sanitizers[number])) return false;
    counts = true;
    beside.join();
    both.passed.insert(both.passed.begin(), verdict_.passed.begin(), verdict_.passed.end());
    both.notes.insert(both.notes.begin(), verdict_.notes.begin(), verdict_.notes.end());
    both.build += verdict_.build;
    both.tests += verdict_.tests;
    return (verdict_ = std::move(both)).passes();
  }

  bool test(std::string_view sanitizer) {
    request_.on_activity("testing …");
    Command test;
    test.words = {program(sanitizer, "test").string()};
    if (request_.first_failure) test.words.emplace_back("--abort-after=1");
    test.folder = root();
    test.environment = stage_environment();
    test.environment.emplace_back("SERVERLINGS_THREADS", threads_command());
    if (request_.switches > 0) test.environment.emplace_back("SERVERLINGS_SWITCHES", std::to_string(request_.switches));
    if (request_.tells_story) test.environment.emplace_back("SERVERLINGS_STORY", "1");
    test.time_limit = request_.limit.value_or(time_limit());
    test.on_overrun = [this](pid_t session) { return where_session_stands(session, stop_); };
    std::string output;
    if (request_.on_first_failure) {
      test.on_output = [&, told = false](std::string_view piece) mutable {
        if (told || output.size() > most_output_before_failure) return;
        output.append(piece);
        told = tell_first_failure(test, output);
      };
    }
    auto finished = run(test, stop_);
    verdict_.tests += finished.elapsed;
    if (cannot_start(finished.output)) {
      test.fixed_addresses = true;
      finished = run(test, stop_);
      verdict_.tests += finished.elapsed;
    }
    if (cannot_start(finished.output)) {
      verdict_.notes.emplace_back(
          "ThreadSanitizer cannot run on this machine (unexpected memory mapping): nobody has looked for data races. "
          "`sudo sysctl vm.mmap_rnd_bits=28` lets it run.");
      return true;
    }
    if (finished.end == End::cancelled) return fail(Outcome::cancelled, "stopped");
    verdict_.full_text = printable(finished.output);
    verdict_.command = one_line(test.words);
    if (finished.end == End::not_started) return fail(Outcome::cannot_build, "cannot start: " + finished.error);
    if (!finished.left_behind.empty()) {
      verdict_.notes.push_back("Left running, and ended by the runner: " + join(finished.left_behind, ", "));
    }
    const auto passed = judge_tests({finished, test.time_limit, test.output_limit, root(), request_.words}, verdict_);
    if (!passed) return false;
    verdict_.passed.push_back(
        fmt::format("{} under {} ({})", counted(*passed, "test"), guarantee(sanitizer), build_.compiler));
    return true;
  }

  // False: no test has failed yet, or another sanitizer's tests come first.
  bool tell_first_failure(const Command& test, std::string_view output) const {
    if (counts_ != nullptr && !*counts_) return false;
    Verdict verdict = verdict_;
    verdict.command = one_line(test.words);
    verdict.full_text = printable(output);
    if (!judge_first_failure(root(), request_.words, verdict)) return false;
    finish(verdict);
    request_.on_first_failure(verdict);
    return true;
  }

  // The compiler's warning in the learner's own files often says what the test found; then the arrow.
  void finish(Verdict& verdict) const {
    if (verdict.outcome == Outcome::cannot_build || verdict.outcome == Outcome::cancelled) return;
    if (verdict.outcome != Outcome::build_fails) {
      const auto& sanitizer = request_.sanitizers.front();
      if (const auto warning = kept_warning(build_, target(sanitizer, ""), request_.files)) {
        for (auto& line : lines_of_warning(*warning, root())) verdict.detail.push_back(std::move(line));
      }
    }
    if (verdict.passes())
      verdict.headline = "passes";
    else
      explain(request_.words, verdict);
  }

  const BuildFolder& build_;
  const Stage& stage_;
  const CheckRequest& request_;
  std::stop_token stop_;
  Verdict verdict_;
  std::shared_ptr<BuildLock> lock_;
  const std::atomic<bool>* counts_ = nullptr;  // whether what this finds is to be told; null: it is
};

}  // namespace

CheckRequest step_request(const Course& course, const Stage& stage) {
  CheckRequest request;
  request.words = words_of(course, stage);
  for (const auto& file : stage.own) request.files.push_back("steps/" + stage.name + "/" + file);
  request.files.push_back("tests/" + stage.name + ".cpp");
  request.sanitizers = stage.sanitizers;
  request.at_once = true;
  // Only for the runner's own tests, and for machines that are very slow: in seconds.
  if (const char* limit = std::getenv("SERVERLINGS_TIME_LIMIT"); limit != nullptr && std::atof(limit) > 0) {
    request.limit = std::chrono::milliseconds(static_cast<int>(std::atof(limit) * 1000));
  }
  return request;
}

Verdict check(const BuildFolder& build, const Stage& stage, const CheckRequest& request, std::stop_token stop) {
  return Check(build, stage, request, std::move(stop))();
}

std::optional<Verdict> build_programs(const BuildFolder& build, const Stage& stage, const CheckRequest& request,
                                      const std::vector<std::string>& programs, std::filesystem::path& last,
                                      std::stop_token stop) {
  Check check(build, stage, request, std::move(stop));
  const auto& sanitizer = request.sanitizers.front();
  if (!check.build(sanitizer, programs)) return check.take();
  last = check.program(sanitizer, programs.back());
  return std::nullopt;
}

}  // namespace runner
