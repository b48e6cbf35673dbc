#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "course/lesson.hpp"
#include "learner/commands.hpp"
#include "system/files.hpp"

namespace runner {
namespace {

// The first file that the lesson says to edit, or that the stage has; of those that are there.
std::filesystem::path edited_file(const std::filesystem::path& folder, const Stage& stage,
                                  const std::optional<Lesson>& lesson) {
  std::vector<std::filesystem::path> files;
  if (lesson) {
    for (const auto& edit : lesson->edit) files.push_back(folder / std::filesystem::path(edit).filename());
  }
  for (const auto& file : stage.own) files.push_back(folder / file);
  const auto there = std::ranges::find_if(files, is_file);
  return there == files.end() ? files.front() : *there;
}

double ms(std::chrono::microseconds time) {
  return static_cast<double>(time.count()) / 1000;
}

}  // namespace

int bench_loop(Context& context) {
  fmt::print(
      "The wait from a save until the first thing to mend is known, or that the stage passes; and the whole check; "
      "ms.\n\n");
  fmt::print("{:<24} {:>10} {:>10} {:>10} {:>10}   verdict\n", "stage", "wait", "compile", "tests", "runner");
  std::vector<double> waits;
  for (const auto& stage : context.course.stages()) {
    const auto build = context.build();
    const auto lesson = lesson_of(context.course, stage);
    auto request = step_request(context.course, stage);
    request.kind = "solution";
    check(build, stage, request, context.stop);
    std::chrono::steady_clock::time_point saved;
    std::chrono::microseconds wait{0};
    request.on_first_failure = [&](const Verdict&) {
      wait = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - saved);
    };
    // A save of the file that the lesson says to edit, without changing a byte of it.
    for (const bool solution : {false, true}) {
      request.kind = solution ? "solution" : "step";
      std::vector<std::pair<double, Verdict>> saves;
      for (int i = 0; i < 3; ++i) {
        const auto folder = solution ? context.course.solution(stage) : context.course.step(stage);
        std::filesystem::last_write_time(edited_file(folder, stage, lesson),
                                         std::filesystem::file_time_type::clock::now());
        wait = {};
        saved = std::chrono::steady_clock::now();
        auto verdict = check(build, stage, request, context.stop);
        if (verdict.outcome == Outcome::cancelled) return 1;
        saves.emplace_back(ms(wait.count() > 0 ? wait : verdict.total), std::move(verdict));
      }
      std::ranges::sort(saves, {}, &std::pair<double, Verdict>::first);
      const auto& [middle, verdict] = saves[1];
      waits.push_back(middle);
      fmt::print("{:<24} {:>10.0f} {:>10.0f} {:>10.0f} {:>10.0f}   {}: {}\n", stage.name, middle, ms(verdict.build),
                 ms(verdict.tests), ms(verdict.total - verdict.build - verdict.tests), request.kind, verdict.headline);
      std::fflush(stdout);
    }
  }
  std::ranges::sort(waits);
  fmt::print("median {:.0f} ms, largest {:.0f} ms (each the median of three saves)\n", waits[waits.size() / 2],
             waits.back());
  return 0;
}

}  // namespace runner
