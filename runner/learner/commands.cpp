#include "learner/commands.hpp"

#include <fmt/core.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <set>

#include "course/reset.hpp"
#include "course/shipped.hpp"
#include "learner/screen.hpp"
#include "pictures/thread_cost.hpp"
#include "system/files.hpp"
#include "system/terminal_size.hpp"
#include "text/markdown.hpp"
#include "text/text.hpp"

namespace runner {
namespace {

void print(const std::vector<std::string>& lines) {
  for (const auto& line : lines) fmt::print("{}\n", line);
}

void warn(const std::string& problem) {
  if (!problem.empty()) fmt::print(stderr, "{}\n", problem);
}

// The first letter of a line that is typed; 0 at its end, and when a signal asks to stop.
char read_answer(const std::stop_token& stop) {
  pollfd input{STDIN_FILENO, POLLIN, 0};
  constexpr int look_ms = 50;  // a signal goes to another thread
  while (!stop.stop_requested()) {
    if (poll(&input, 1, look_ms) <= 0) continue;
    char answer[128] = {};
    return read(STDIN_FILENO, answer, sizeof answer) > 0 ? answer[0] : '\0';
  }
  fmt::print("\n");
  return '\0';
}

// Checks the learner's version of a stage and marks it done if it passes.
Verdict check_step(Context& context, const Stage& stage) {
  auto request = step_request(context.course, stage);
  const bool tells = isatty(STDERR_FILENO) == 1;
  if (tells) {
    request.on_activity = [](const std::string& activity) { fmt::print(stderr, "\r\033[K{}", activity); };
  }
  auto verdict = check(context.build(), stage, request, context.stop);
  if (tells) fmt::print(stderr, "\r\033[K");
  if (verdict.passes()) context.progress.mark_done(stage.name, today());
  return verdict;
}

}  // namespace

bool Context::base_mine() const {
  if (!base.empty()) return base == "mine";
  return is_file(base_file()) && trimmed(read_file(base_file())) == "mine";
}

const Stage& current_stage(const Course& course, const Progress& progress) {
  const auto& stages = course.stages();
  const auto open = [&](const Stage& stage) { return !progress.is_done(stage.name); };
  auto found = std::ranges::find(stages, progress.current, &Stage::name);
  if (found == stages.end()) found = std::ranges::find_if(stages, open);
  return found == stages.end() ? stages.back() : *found;
}

std::vector<std::string> not_done_below(const Course& course, const Stage& stage, const Progress& progress) {
  std::set<std::string> names;
  for (const auto& [file, origin] : course.origins(stage)) {
    if (origin != stage.name && !progress.is_done(origin)) names.insert(origin);
  }
  return {names.begin(), names.end()};
}

int run_stage(Context& context, const Stage& stage, RunOutput output) {
  std::string problem;
  Page page{.stage = &stage, .lesson = lesson_of(context.course, stage, &problem)};
  warn(problem);
  const auto before = context.progress.read();
  page.was_done = before.is_done(stage.name);
  const auto& verdict = page.verdict.emplace(check_step(context, stage));
  warn(context.progress.problem());
  if (verdict.outcome == Outcome::cancelled) return 1;
  // Whoever has come further goes on from there; a look back at an older stage changes nothing.
  const auto& current = current_stage(context.course, before);
  if (verdict.passes() && (!page.was_done || context.course.index_of(stage) > context.course.index_of(current))) {
    context.progress.mark_current(stage.name);
  }
  if (context.base_mine()) page.below = not_done_below(context.course, stage, before);
  page.untouched = is_untouched(context.course, stage);
  print(stage_page(context, page, output_width()));
  if (!verdict.passes()) {
    const auto more =
        fmt::format("./learn hint {0}, ./learn run {0} --full, ./learn diff {0} (the answer)", stage.number());
    print(wrap(more, output_width(), "More  ", "      "));
  }
  if (output.full) fmt::print("\n$ {}\n{}", verdict.command, verdict.full_text);
  if (output.timings) {
    const auto ms = [](auto time) { return static_cast<double>(time.count()) / 1000; };
    fmt::print("build {:.0f} ms, tests {:.0f} ms, runner {:.0f} ms\n", ms(verdict.build), ms(verdict.tests),
               ms(verdict.total - verdict.build - verdict.tests));
  }
  return verdict.passes() ? 0 : verdict.outcome == Outcome::cannot_build ? 2 : 1;
}

int show_list(Context& context, bool check) {
  const auto& stages = context.course.stages();
  const bool terminal = isatty(STDERR_FILENO) == 1;
  bool all_as_marked = true;
  if (check) {
    for (const auto& stage : stages) {
      if (context.stop.stop_requested()) return 1;
      if (terminal) fmt::print(stderr, "\r\033[Kchecking {} …", stage.name);
      const bool was_done = context.progress.read().is_done(stage.name);
      const auto verdict = check_step(context, stage);
      if (verdict.outcome == Outcome::cancelled) return 1;
      if (verdict.passes() || !was_done) continue;
      context.progress.mark_not_done(stage.name);
      all_as_marked = false;
      fmt::print(stderr, "{} was done, and no longer passes: {}\n", stage.name, verdict.headline);
    }
  }
  const auto lines = list_page(context, output_width()).lines;
  warn(context.progress.problem());
  print(lines);
  if (context.base_mine()) {
    print({""});
    print(wrap("Stages stand on your own files: ./learn base solutions takes ours.", output_width()));
  }
  return all_as_marked ? 0 : 1;
}

int show_hint(Context& context, const Stage& stage, bool all) {
  std::string problem;
  Page page{.stage = &stage, .lesson = lesson_of(context.course, stage, &problem)};
  if (!page.lesson) throw UsageError("the lesson cannot be read: " + problem);
  const int count = page.hint_count();
  if (count == 0) throw UsageError(fmt::format("docs/{}.md has no hints", stage.name));
  page.hints = all ? count : std::min(context.progress.read().hints(stage.name) + 1, count);
  context.progress.mark_hints(stage.name, page.hints);
  warn(context.progress.problem());
  print(hint_lines(context, page, output_width()));
  if (page.hints < count)
    fmt::print("\nHint {} of {}. The next: ./learn hint {}\n", page.hints, count, stage.number());
  else
    fmt::print("\nThat was the last hint. The solution: ./learn diff {}\n", stage.number());
  return 0;
}

int show_diff(Context& context, const Stage& stage, bool given) {
  const auto text = given ? given_by(context.course, stage) : diff_with_solution(context.course, stage);
  const auto same = given ? "came as the stage before it ends" : "is the same as solutions/" + stage.name;
  if (text.empty()) fmt::print("steps/{} {}.\n", stage.name, same);
  print(diff_lines(text, context.paint));
  return 0;
}

int show_files(Context& context, const Stage& stage) {
  fmt::print("Stage {} is built from:\n\n", stage.name);
  const auto base = context.base_mine() ? "steps" : "solutions";
  const auto line = [](std::string_view what, const std::string& where) {
    const auto in_columns = fmt::format("  {:<24} {}", what, where);
    if (width_of(in_columns) <= output_width())
      fmt::print("{}\n", in_columns);
    else
      fmt::print("  {}\n    {}\n", what, where);
  };
  for (const auto& [file, origin] : context.course.origins(stage)) {
    const bool own = origin == stage.name;
    const auto yours = is_file(context.course.step(stage) / file) ? "  (yours)" : "  (yours to make)";
    line(file, fmt::format("{}/{}{}", own ? "steps" : base, origin, own ? yours : ""));
  }
  fmt::print("\n");
  line("its tests", fmt::format("tests/{}.cpp", stage.name));
  line("its lesson", fmt::format("docs/{}.md", stage.name));
  return 0;
}

int read_aloud(Context& context, const Stage& stage, bool with_hints) {
  const auto width = std::min(output_width(), 100);
  fmt::print("{}", render(read_file(context.course.lesson(stage)), width, with_hints ? Details::open : Details::hidden,
                          context.paint.marks()));
  return 0;
}

int go_to(Context& context, const Stage& stage) {
  context.progress.mark_current(stage.name);
  if (!context.progress.problem().empty()) throw UsageError(context.progress.problem());
  fmt::print("You are at {0}. ./learn goes on there; the lesson is docs/{0}.md\n", stage.name);
  return 0;
}

int thread_cost(Context& context) {
  constexpr int threads_to_create = 1000;
  auto cost = measure_threads(threads_to_create, context.stop);
  // Others may disturb a measurement of time, and none makes it shorter: the least of three. What the C library keeps
  // of the first threads' memory for the next ones makes the later measurements of memory worthless.
  for (int again = 0; again < 2 && cost.created == cost.asked; ++again) {
    const auto other = measure_threads(threads_to_create, context.stop);
    if (other.created == cost.created) cost.seconds = std::min(cost.seconds, other.seconds);
  }
  if (context.stop.stop_requested()) return 1;
  print(thread_cost_lines(cost, thread_limit()));
  return cost.created > 0 ? 0 : 1;
}

int choose_base(Context& context, const std::string& base) {
  const bool mine = base == "mine";
  if (base.empty()) {
    print(wrap(context.base_mine() ? "Stages stand on your own files. ./learn base solutions takes ours."
                                   : "Stages stand on our solutions. ./learn base mine takes your own files.",
               output_width()));
    return 0;
  }
  std::filesystem::create_directories(context.course.state());
  write_file(context.base_file(), base + "\n");
  print(wrap(mine ? "From now on each stage stands on your own files in steps/, where it does not bring a file itself. "
                    "./learn base solutions undoes that; your files stay as they are either way."
                  : "From now on each stage stands on our solutions again. Your files stay as they are.",
             output_width()));
  if (!mine) return 0;
  const auto progress = context.progress.read();
  const auto& current = current_stage(context.course, progress);
  const auto open = not_done_below(context.course, current, progress);
  if (!open.empty()) {
    print(wrap(fmt::format("Not done yet, and needed by {}: {}.", current.name, join(open, ", ")), output_width()));
  }
  return 0;
}

int reset_stage(Context& context, const Stage& stage, bool undo) {
  if (!undo && !context.yes && !is_untouched(context.course, stage)) {
    if (!isatty(STDIN_FILENO))
      throw UsageError(fmt::format("to reset without being asked: ./learn reset {} --yes", stage.number()));
    fmt::print("Put the files of {} back as they came? Yours are kept beside them. [y/N] ", stage.name);
    std::fflush(stdout);
    if (const auto answer = read_answer(context.stop); answer != 'y' && answer != 'Y') {
      fmt::print("Nothing was changed.\n");
      return 1;
    }
  }
  for (const auto& line : undo ? undo_reset(context.course, stage) : reset(context.course, stage)) {
    print(wrap(line, output_width()));
  }
  return 0;
}

}  // namespace runner
