#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "check/check.hpp"
#include "course/course.hpp"
#include "course/progress.hpp"
#include "learner/base.hpp"
#include "text/paint.hpp"

namespace runner {

/// What every command works with.
struct Context {
  const Course& course;
  ProgressFile& progress;
  Paint paint;
  std::stop_token stop;
  std::string compiler{};  // empty: the default
  std::string base{};      // "mine" or "solutions"; empty: what is remembered, which may change at any time
  bool yes = false;        // questions are answered

  /// Stages stand on the learner's own files.
  bool base_mine() const { return base.empty() ? stands_on_mine(course) : base == "mine"; }

  BuildFolder build(std::stop_token until) const {
    return build_folder(course, compiler, base_mine(), std::move(until));
  }
  BuildFolder build() const { return build(stop); }
};

/// The stage that the learner is at: the one gone to last, else the first that is not done.
const Stage& current_stage(const Course& course, const Progress& progress);

/// Checks the learner's version of a stage and marks it done if it passes.
Verdict check_step(Context& context, const Stage& stage, const std::stop_token& stop);

/// The difference between a stage's step and its solution as `diff -u` gives it, lesson lines and TODOs left out.
std::string diff_with_solution(const Course& course, const Stage& stage);

/// What a stage brings: the difference between the solution that it stands on and its step as shipped.
std::string given_by(const Course& course, const Stage& stage);

// The commands; each returns the program's exit code.
struct RunOutput {
  bool full = false;     // all that the compiler or the test printed, and the command
  bool timings = false;  // where the time went
};
int run_stage(Context& context, const Stage& stage, RunOutput output);
int show_list(Context& context, bool check);
int show_hint(Context& context, const Stage& stage, bool all);
int show_diff(Context& context, const Stage& stage, bool given);
int show_files(Context& context, const Stage& stage);
int read_aloud(Context& context, const Stage& stage, bool with_hints);
int go_to(Context& context, const Stage& stage);
int choose_base(Context& context, const std::string& base);
int reset_stage(Context& context, const Stage& stage, bool undo);
int serve(Context& context, const Stage& stage, bool solution, int port);
int export_stage(Context& context, const Stage& stage, const std::string& folder, bool solution);
int bench_loop(Context& context);
/// Sends the same requests to the servers of some stages, and draws what became of them; also into the file `svg`.
/// `stages`: as for Course::find; "21:2" is stage 21 with two workers in its pool.
int show_timeline(Context& context, const std::vector<std::string>& stages, bool solution, const std::string& svg);
int thread_cost(Context& context);

}  // namespace runner
