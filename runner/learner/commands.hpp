#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "check/check.hpp"
#include "course/course.hpp"
#include "course/progress.hpp"
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
  bool base_mine() const;
  /// Where that is remembered.
  std::filesystem::path base_file() const { return course.state() / "base"; }

  BuildFolder build(std::stop_token until) const {
    return build_folder(course, compiler, base_mine(), std::move(until));
  }
  BuildFolder build() const { return build(stop); }
};

/// The stage that the learner is at: the one gone to last, else the first that is not done.
const Stage& current_stage(const Course& course, const Progress& progress);

/// Stages below this one that are not done: what it stands on when the base is the learner's own files.
std::vector<std::string> not_done_below(const Course& course, const Stage& stage, const Progress& progress);

/// The difference between a stage's step and its solution as `diff -u` gives it, lesson lines and TODOs left out.
std::string diff_with_solution(const Course& course, const Stage& stage);

/// What a stage brings: the difference between the solution that it stands on and its step as shipped.
std::string given_by(const Course& course, const Stage& stage);

/// A step's text without its first line, which names its lesson.
std::string_view without_lesson_line(std::string_view text);

// The commands; each returns the program's exit code.

/// `learn` on a terminal: shows the stage, checks it at each save, and does what the keys say, until q. Exit code 0.
int watch(Context& context, const Stage& stage);
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
int serve(Context& context, const Stage& stage, bool solution, int port, bool log);
struct ExportOptions {
  bool solution = false;  // ours, and not the learner's
  bool tests = false;     // with the stage's tests
};
int export_stage(Context& context, const Stage& stage, const std::string& folder, ExportOptions options);
/// Checks every stage on the learner's own files, and says how many pass: 0 if all do. With a folder, exports the last
/// one that passes, with its tests.
int own_server(Context& context, const std::string& folder);
int bench_loop(Context& context);
/// Sends the same requests to the servers of some stages, and draws what became of them; also into the file `svg`.
/// `stages`: as for Course::find; "21:2" is stage 21 with two workers in its pool. `scene`: its name, see scenes().
int show_timeline(Context& context, const std::vector<std::string>& stages, const std::string& scene, bool solution,
                  const std::string& svg);
/// What each thread did in the schedule by which the stage's tests fail, step by step.
int show_story(Context& context, const Stage& stage);
/// The reader chooses which thread goes on, and tries to make a test fail; choices come from standard input, a line
/// each. `what`: a stage, as for Course::find, or a given pool, "20:if_for_the_predicate"; empty: lists them.
int be_the_scheduler(Context& context, const std::string& what);
int thread_cost(Context& context);
int connection_cost(Context& context, const Stage& stage, bool solution);
/// What is there, what is missing, what each missing thing costs, and the command that installs it. Exit code 0 when
/// the course can be worked through, 2 when it cannot.
int doctor(Context& context);

}  // namespace runner
