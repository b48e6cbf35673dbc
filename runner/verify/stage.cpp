#include "verify/stage.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "system/files.hpp"
#include "text/text.hpp"
#include "verify/pages.hpp"
#include "verify/screens.hpp"
#include "verify/tree.hpp"

namespace runner {
namespace {

// Of the mistakes that never end: they have nothing to wait for, so that a short time does.
constexpr std::chrono::seconds mistakes_limit{3};

std::vector<std::string> with_detail(std::string first, const Verdict& verdict) {
  std::vector<std::string> lines{std::move(first)};
  for (auto& line : to_strings(verdict.detail)) lines.push_back(std::move(line));
  return lines;
}

}  // namespace

void StageVerification::look_at_files(const Course& real, const std::vector<ShippedFile>& shipped, Scratch& scratch) {
  std::string problem;
  lesson_ = lesson_of(real, stage_, &problem);
  for (auto& each : lesson_problems(real, stage_, lesson(), problem)) board_.add_reason(findings_, {std::move(each)});
  for (auto& each : stage_file_problems(real, stage_, shipped, lesson()))
    board_.add_reason(findings_, {std::move(each)});
  for (const auto& patch : patches_of(real, stage_)) {
    ++findings_.mistakes;
    try {
      auto mistake = read_mistake(patch, stage_);
      put_mistake(scratch, course_, stage_, mistake);
      mistakes_.push_back(std::move(mistake));
    } catch (const std::exception& error) {
      board_.add_reason(findings_, {fmt::format("mistake {}: {}", patch.stem().string(), error.what())});
    }
  }
}

std::vector<std::string> StageVerification::mistakes() const {
  std::vector<std::string> names;
  for (const auto& mistake : mistakes_) names.push_back(stage_.name + "/" + mistake.name);
  return names;
}

CheckRequest StageVerification::request(const std::string& kind) const {
  auto request = step_request(course_, stage_);
  request.kind = kind;
  const auto from = "steps/" + stage_.name;
  const auto to = kind == "solution" ? "solutions/" + stage_.name : from;
  for (auto& file : request.files) file = replaced(file, from, to);
  return request;
}

// What a test rejects, it rejects under the first sanitizer, which is all that the learner gets to see.
std::vector<std::string> StageVerification::sanitizers_for(const Mistake& mistake) const {
  auto sanitizers = stage_.sanitizers;
  if (!mistake.is_rejected_by(RejectedBy::sanitizer)) sanitizers.resize(1);
  return sanitizers;
}

CheckRequest StageVerification::request(const Mistake& mistake) const {
  auto request = step_request(course_, stage_);
  request.kind = kind_of(stage_, mistake);
  for (auto& file : request.files)
    file = replaced(file, "steps/" + stage_.name, "mistakes/" + stage_.name + "/" + mistake.name);
  request.sanitizers = sanitizers_for(mistake);
  request.first_failure = true;
  if (mistake.is_rejected_by(RejectedBy::time_limit)) request.limit = mistakes_limit;
  return request;
}

// The tests rejected it as its first line says, and none of them had asked for the server, which is not built.
bool StageVerification::rejected_without_server(const Mistake& mistake, const Verdict& verdict) const {
  return rejection_problem(mistake, verdict).empty() && !verdict.asked_for_server;
}

std::vector<Job> StageVerification::build(const BuildFolder& build, int jobs, bool last, const VerifyOptions& options,
                                          const std::function<void(int, int)>& on_progress, std::stop_token stop) {
  // What a test rejects is wrong in its logic, whoever compiles it; what a compiler or a sanitizer finds may differ.
  const auto is_tried = [&](const Mistake& mistake) {
    return last || options.every_compiler || mistake.is_rejected_by(RejectedBy::build) ||
           mistake.is_rejected_by(RejectedBy::sanitizer);
  };
  // Steps and mistakes are built for the first sanitizer: what fails there is not tried with another. check() builds
  // for the others, and what fails to build, for its words.
  const auto& first = stage_.sanitizers.front();
  const bool step_builds = lesson_ && lesson_->shipped_as != ShippedAs::build;
  std::vector<Program> programs;
  const auto add = [&](const std::string& kind, const std::string& sanitizer) {
    programs.push_back({stage_.name, kind, sanitizer});
  };
  auto all_kinds = stage_.sanitizers;
  all_kinds.insert(all_kinds.begin(), "plain");
  for (const auto& sanitizer : all_kinds) add("solution", sanitizer);
  if (step_builds) add("step", first);
  for (const auto& mistake : mistakes_) {
    if (mistake.is_rejected_by(RejectedBy::build) || !is_tried(mistake)) continue;
    programs.push_back({stage_.name, kind_of(stage_, mistake), first, !mistake.in_tests});
  }
  const auto built = build_programs(build, programs, jobs, on_progress, stop);
  if (stop.stop_requested()) return {};
  for (const auto& warning : built.warnings) board_.add_reason(findings_, {"a warning: " + warning}, build.compiler);
  std::vector<Program> for_headers;
  for (const auto& program : programs) {
    if ((program.kind == "step" || program.kind == "solution") && built.has(program)) for_headers.push_back(program);
  }
  for (auto& each : header_problems(course_, stage_, build, for_headers)) {
    board_.add_reason(findings_, {std::move(each)}, build.compiler);
  }

  std::vector<Job> left;
  // What is built is run by a job; what is not fails here.
  const auto check_or_add = [&](CheckRequest request, bool is_built, auto judge) {
    request.jobs = jobs;
    request.built = is_built;
    Job job = [this, build, request = std::move(request), judge](std::stop_token stopping) {
      const auto verdict = check(build, stage_, request, std::move(stopping));
      if (verdict.outcome != Outcome::cancelled) judge(verdict);
    };
    if (is_built) {
      left.push_back(std::move(job));
    } else {
      job(stop);
    }
  };

  check_or_add(request("step"), step_builds && built.has({stage_.name, "step", first}),
               [this, build, update = options.update](const Verdict& verdict) { judge_step(build, verdict, update); });
  for (const auto& sanitizer : all_kinds) {
    auto one = request("solution");
    one.sanitizers = {sanitizer};
    const bool is_built = built.has({stage_.name, "solution", sanitizer});
    const int runs = is_built && sanitizer != "plain" ? options.repeat : 1;
    for (int i = 0; i < runs; ++i) {
      check_or_add(one, is_built,
                   [this, build, sanitizer](const Verdict& verdict) { judge_solution(build, sanitizer, verdict); });
    }
  }
  for (const auto& mistake : mistakes_) {
    if (!is_tried(mistake)) continue;
    const bool is_built = !mistake.is_rejected_by(RejectedBy::build) &&
                          built.has({stage_.name, kind_of(stage_, mistake), first, !mistake.in_tests});
    const auto judge = [this, build, jobs, stop, &mistake](const Verdict& verdict) {
      if (!mistake.in_tests || rejected_without_server(mistake, verdict)) return judge_mistake(build, mistake, verdict);
      auto with_server = request(mistake);
      with_server.jobs = jobs;
      const auto again = check(build, stage_, with_server, stop);
      if (again.outcome != Outcome::cancelled) judge_mistake(build, mistake, again);
    };
    for (int i = 0; i < (is_built ? options.repeat_mistakes : 1); ++i) check_or_add(request(mistake), is_built, judge);
  }
  return left;
}

void StageVerification::judge_step(const BuildFolder& build, const Verdict& verdict, bool update) {
  if (verdict.passes()) {
    board_.add_reason(findings_, {"the step passes as it is shipped: there is nothing to mend"}, build.compiler);
    return;
  }
  if (verdict.outcome == Outcome::cannot_build) {
    board_.add_reason(findings_, with_detail("the step " + verdict.headline, verdict), build.compiler);
    return;
  }
  note_arrow(verdict);
  if (!lesson_) return;
  if (!fails_as_said(lesson_->shipped_as, verdict.outcome)) {
    board_.add_reason(findings_,
                      with_detail(fmt::format("the lesson says \"As shipped: {}\", but the step {}",
                                              to_string(lesson_->shipped_as), verdict.headline),
                                  verdict),
                      build.compiler);
    return;
  }
  if (!words_are_compared(build.compiler)) {
    board_.add_note(
        findings_,
        fmt::format("with {} only the place of the first failure is compared: lessons show GCC 12 and Clang 14",
                    build.compiler));
  } else if (update) {
    const std::lock_guard lock(mutex_);
    seen_.push_back({family_of(build.compiler), lines_for_lesson(verdict)});
    return;
  }
  auto problem =
      transcript_problem(*lesson_, "docs/" + stage_.name + ".md", verdict, build.compiler, board_.width() - 6);
  if (!problem.empty()) board_.add_reason(findings_, std::move(problem), build.compiler);
}

void StageVerification::judge_solution(const BuildFolder& build, const std::string& sanitizer, const Verdict& verdict) {
  if (verdict.passes()) return board_.add_run(findings_);
  const auto kind = sanitizer == "plain" ? "without sanitizers" : "under " + sanitizer;
  board_.add_reason(findings_, with_detail(fmt::format("the solution, {}, {}", kind, verdict.headline), verdict),
                    build.compiler);
}

void StageVerification::judge_mistake(const BuildFolder& build, const Mistake& mistake, const Verdict& verdict) {
  note_arrow(verdict);
  auto problem = rejection_problem(mistake, verdict);
  if (problem.empty()) return judge_arrow(build, mistake, verdict);
  if (verdict.passes() && sanitizers_for(mistake).size() < stage_.sanitizers.size()) {
    problem += fmt::format(" under {}; what another sanitizer finds is rejected by: sanitizer \"…\"",
                           stage_.sanitizers.front());
  }
  board_.add_reason(findings_, {fmt::format("mistake {}: {}", mistake.name, problem)}, build.compiler);
}

void StageVerification::judge_arrow(const BuildFolder& build, const Mistake& mistake, const Verdict& verdict) {
  const auto problem = arrow_problem(mistake, verdict);
  if (problem.empty()) return;
  if (!update_) {
    return board_.add_reason(findings_, {fmt::format("mistake {}: {}", mistake.name, problem)}, build.compiler);
  }
  const std::lock_guard lock(mutex_);
  auto& shown = arrows_[mistake.patch];
  shown.insert(verdict.arrow.empty() ? "none" : verdict.arrow);
}

void StageVerification::note_arrow(const Verdict& verdict) {
  const std::lock_guard lock(mutex_);
  reached_.insert(verdict.arrow);
}

void StageVerification::look_at_screens(const Course& real) {
  const auto step = request("step");
  try {
    for (const auto& screen : kept_screens(real, stage_.name)) {
      const auto shown = arrow_of(screen, step.files, step.words);
      if (shown != screen.arrow && update_) {
        write_file(screen.file, with_arrow(screen, shown));
        board_.add_note(findings_,
                        fmt::format("{}: its arrow is written anew: {}", screen.file.filename().string(), shown));
      } else if (shown != screen.arrow) {
        board_.add_reason(findings_, {fmt::format("tests/screens/{}/{}: its head says arrow: {}\nbut it shows: {}",
                                                  stage_.name, screen.file.filename().string(), screen.arrow, shown)});
      }
      reached_.insert(shown);
    }
  } catch (const std::exception& error) {
    board_.add_reason(findings_, {error.what()});
  }
}

void StageVerification::judge_rows() {
  for (const auto& row : request("step").words.rows) {
    if (row.page != words_page(stage_) || reached_.contains(row.name())) continue;
    board_.add_reason(findings_, {fmt::format("{}:{}: no mistake and no kept screen shows this row: {}", row.page,
                                              row.line, row.name())});
  }
}

void StageVerification::update_arrows() {
  for (const auto& [patch, shown] : arrows_) {
    const auto arrow = join({shown.begin(), shown.end()}, " or ");
    write_file(patch, with_arrow(read_file(patch), arrow));
    board_.add_note(findings_, fmt::format("{}: its arrow is written anew: {}", patch.filename().string(), arrow));
  }
}

void StageVerification::update_transcripts(const Course& real) {
  if (!lesson_ || seen_.empty()) return;
  const auto path = real.lesson(stage_);
  const auto before = read_file(path);
  const auto after = with_transcripts(before, *lesson_, seen_);
  if (after == before) return;
  write_file(path, after);
  board_.add_note(findings_, fmt::format("docs/{}.md: the transcripts are written anew", stage_.name));
}

}  // namespace runner
