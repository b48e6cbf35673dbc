#include "verify/stage.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "system/files.hpp"
#include "text/text.hpp"
#include "verify/pages.hpp"
#include "verify/tree.hpp"

namespace runner {
namespace {

// Without sanitizers, where a schedule costs least, solutions pass more of them than a learner waits for. With one
// compiler: schedules are the same with each, and so is the standard library whose headers a solution must include.
constexpr int plain_switches = 2;
// Solutions do not hang; but several are tested at the same time.
constexpr std::chrono::seconds solution_limit{120};

std::string with_detail(const std::string& first, const Verdict& verdict) {
  return first + "\n" + join(to_strings(verdict.detail), "\n");
}

}  // namespace

void StageVerification::look_at_files(const Course& real, const ShippedStage& shipped, Scratch& scratch) {
  if (!shipped.commit.empty() && !is_untouched(real, stage_, shipped.files)) {
    board_.add_note(findings_, fmt::format("steps/{}: edited here, left alone; checked as shipped in {}", stage_.name,
                                           shipped.commit.substr(0, 10)));
  }
  std::string problem;
  lesson_ = lesson_of(real, stage_, &problem);
  board_.add_reasons(findings_, lesson_problems(real, stage_, lesson(), problem));
  board_.add_reasons(findings_, stage_file_problems(real, stage_, shipped.files, lesson()));
  for (const auto& patch : patches_of(real, stage_)) {
    ++findings_.mistakes;
    try {
      auto mistake = read_mistake(patch, stage_);
      put_mistake(scratch, course_, stage_, mistake);
      mistakes_.push_back(std::move(mistake));
    } catch (const std::exception& error) {
      board_.add_reason(findings_, fmt::format("mistake {}: {}", patch.stem().string(), error.what()));
    }
  }
}

std::vector<std::string> StageVerification::mistakes() const {
  std::vector<std::string> names;
  for (const auto& mistake : mistakes_) names.push_back(stage_.name + "/" + mistake.name);
  return names;
}

CheckRequest StageVerification::request(const std::string& kind, const std::string& folder) const {
  auto request = step_request(course_, stage_);
  request.kind = kind;
  for (auto& file : request.files) file = replaced(file, "steps/" + stage_.name, folder);
  return request;
}

// What a test rejects, it rejects under the first sanitizer, which is all that the learner gets to see.
std::vector<std::string> StageVerification::sanitizers_for(const Mistake& mistake) const {
  auto sanitizers = stage_.sanitizers;
  if (!mistake.is_rejected_by(RejectedBy::sanitizer)) sanitizers.resize(1);
  return sanitizers;
}

CheckRequest StageVerification::request(const Mistake& mistake) const {
  auto one = request(kind_of(stage_, mistake), "mistakes/" + stage_.name + "/" + mistake.name);
  one.sanitizers = sanitizers_for(mistake);
  one.first_failure = true;
  return one;
}

std::vector<Job> StageVerification::build(const BuildFolder& build, int jobs, bool last,
                                          const std::function<void(int, int)>& on_progress, std::stop_token stop) {
  // What a test rejects is wrong in its logic, whoever compiles it; what a compiler or a sanitizer finds may differ.
  const auto is_tried = [&](const Mistake& mistake) {
    return last || options_.every_compiler || mistake.is_rejected_by(RejectedBy::build) ||
           mistake.is_rejected_by(RejectedBy::sanitizer);
  };
  // Steps and mistakes are built for the first sanitizer: what fails there is not tried with another. check() builds
  // for the others, and what fails to build, for its words.
  const auto& first = stage_.sanitizers.front();
  auto all_kinds = stage_.sanitizers;
  if (last) all_kinds.insert(all_kinds.begin(), "plain");
  std::vector<Program> programs;
  for (const auto& sanitizer : all_kinds) programs.push_back({stage_.name, "solution", sanitizer});
  const Program step{stage_.name, "step", first};
  const bool step_builds = lesson_ && lesson_->shipped_as != ShippedAs::build;
  if (step_builds) programs.push_back(step);
  const auto program_of = [&](const Mistake& mistake) {
    return Program{stage_.name, kind_of(stage_, mistake), first, !mistake.in_tests};
  };
  for (const auto& mistake : mistakes_) {
    if (!mistake.is_rejected_by(RejectedBy::build) && is_tried(mistake)) programs.push_back(program_of(mistake));
  }
  const auto built = build_programs(build, programs, jobs, on_progress, stop);
  if (stop.stop_requested()) return {};
  for (const auto& warning : built.warnings) board_.add_reason(findings_, "a warning: " + warning, build.compiler);
  std::erase_if(programs, [&](const Program& program) { return !built.has(program); });
  board_.add_reasons(findings_, header_problems(course_, stage_, build, programs), build.compiler);

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

  auto step_one = step_request(course_, stage_);
  step_one.tells_story = true;
  step_one.at_once = false;  // it fails, and the first sanitizer's programs are built already
  check_or_add(std::move(step_one), step_builds && built.has(step),
               [this, build](const Verdict& verdict) { judge_step(build, verdict); });
  for (const auto& sanitizer : all_kinds) {
    auto one = request("solution", "solutions/" + stage_.name);
    one.sanitizers = {sanitizer};
    one.limit = solution_limit;
    if (sanitizer == "plain") one.switches = plain_switches;
    const bool is_built = built.has({stage_.name, "solution", sanitizer});
    const int runs = is_built && sanitizer != "plain" ? options_.repeat : 1;
    for (int i = 0; i < runs; ++i) {
      check_or_add(one, is_built,
                   [this, build, sanitizer](const Verdict& verdict) { judge_solution(build, sanitizer, verdict); });
    }
  }
  for (const auto& mistake : mistakes_) {
    if (!is_tried(mistake)) continue;
    const bool is_built = !mistake.is_rejected_by(RejectedBy::build) && built.has(program_of(mistake));
    const auto judge = [this, build, jobs, stop, &mistake](const Verdict& verdict) {
      // The tests rejected it as its first line says, and none of them had asked for the server, which is not built.
      const bool without_server = rejection_problem(mistake, verdict).empty() && !verdict.asked_for_server;
      if (!mistake.in_tests || without_server) return judge_mistake(build, mistake, verdict);
      auto with_server = request(mistake);
      with_server.jobs = jobs;
      const auto again = check(build, stage_, with_server, stop);
      if (again.outcome != Outcome::cancelled) judge_mistake(build, mistake, again);
    };
    for (int i = 0; i < (is_built ? options_.repeat_mistakes : 1); ++i) check_or_add(request(mistake), is_built, judge);
  }
  return left;
}

void StageVerification::judge_step(const BuildFolder& build, const Verdict& verdict) {
  const auto fail = [&](const std::string& reason) { board_.add_reason(findings_, reason, build.compiler); };
  if (verdict.passes()) return fail("the step passes as it is shipped: there is nothing to mend");
  if (verdict.outcome == Outcome::cannot_build) return fail(with_detail("the step " + verdict.headline, verdict));
  note_arrow(verdict);
  if (!lesson_) return;
  if (!fails_as_said(lesson_->shipped_as, verdict.outcome)) {
    return fail(with_detail(fmt::format("the lesson says \"As shipped: {}\", but the step {}",
                                        to_string(lesson_->shipped_as), verdict.headline),
                            verdict));
  }
  const auto story = story_for_lesson(verdict, course_);
  if (!words_are_compared(build.compiler)) {
    board_.add_note(
        findings_,
        fmt::format("with {} only the place of the first failure is compared: lessons show GCC 12 and Clang 14",
                    build.compiler));
  } else if (options_.update) {
    const std::lock_guard lock(mutex_);
    seen_.push_back({family_of(build.compiler), lines_for_lesson(verdict), story});
    return;
  }
  for (const auto& problem : {transcript_problem(*lesson_, stage_.page(), verdict, build.compiler, board_.width() - 6),
                              story_problem(*lesson_, stage_.page(), story, build.compiler, board_.width() - 6)}) {
    if (!problem.empty()) fail(join(problem, "\n"));
  }
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
  if (problem.empty()) {
    problem = arrow_problem(mistake, verdict);
    if (!problem.empty() && options_.update) {
      const std::lock_guard lock(mutex_);
      arrows_[mistake.patch].insert(shown_arrow(verdict));
      return;
    }
  } else if (verdict.passes() && sanitizers_for(mistake).size() < stage_.sanitizers.size()) {
    problem += fmt::format(" under {}; what another sanitizer finds is rejected by: sanitizer \"…\"",
                           stage_.sanitizers.front());
  }
  if (!problem.empty())
    board_.add_reason(findings_, fmt::format("mistake {}: {}", mistake.name, problem), build.compiler);
}

void StageVerification::note_arrow(const Verdict& verdict) {
  const std::lock_guard lock(mutex_);
  rows_.reached.insert(verdict.arrow);
}

void StageVerification::look_at_rows(const Course& real, bool all_words_are_seen) {
  auto step = step_request(course_, stage_);
  look_at_screens(real, stage_.name, step.files, step.words, options_.update, rows_);
  std::erase_if(step.words.rows, [&](const Row& row) { return row.page != words_page(stage_); });
  if (all_words_are_seen) judge_rows(step.words.rows, rows_);
  board_.add_reasons(findings_, rows_.problems);
  board_.add_notes(findings_, rows_.notes);
}

void StageVerification::update_files(const Course& real) {
  for (const auto& [patch, shown] : arrows_) {
    const auto arrow = join({shown.begin(), shown.end()}, " or ");
    write_file(patch, with_arrow(read_file(patch), arrow));
    board_.add_note(findings_, fmt::format("{}: its arrow is written anew: {}", patch.filename().string(), arrow));
  }
  if (!lesson_) return;
  const auto before = read_file(real.lesson(stage_));
  const auto after = with_transcripts(before, seen_);
  if (after == before) return;
  write_file(real.lesson(stage_), after);
  board_.add_note(findings_, fmt::format("{}: the transcripts are written anew", stage_.page()));
}

}  // namespace runner
