#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "commands.hpp"

namespace runner {
namespace {

// The first file that the lesson says to edit; of those that are there.
std::string edited_file(const std::filesystem::path& folder, const Stage& stage, const std::optional<Lesson>& lesson) {
  std::vector<std::string> names = stage.own;
  if (lesson) {
    for (auto edit = lesson->edit.rbegin(); edit != lesson->edit.rend(); ++edit)
      names.insert(names.begin(), edit->substr(edit->rfind('/') + 1));
  }
  const auto there = std::find_if(names.begin(), names.end(), [&](const auto& name) { return is_file(folder / name); });
  return there == names.end() ? names.front() : *there;
}

double ms(std::chrono::microseconds time) {
  return static_cast<double>(time.count()) / 1000;
}

}  // namespace

int bench_loop(Context& context) {
  fmt::print("{:<24} {:>10} {:>10} {:>10} {:>10}   verdict\n", "save to verdict, ms", "all", "compile", "tests",
             "runner");
  std::vector<double> totals;
  for (const auto& stage : context.course.stages()) {
    const auto build = context.build();
    const auto lesson = lesson_of(context.course, stage);
    auto request = step_request(stage);
    request.kind = "solution";
    check(build, stage, request, nullptr, context.stop);
    // A save of the file that the lesson says to edit, without changing a byte of it.
    for (const bool solution : {false, true}) {
      request.kind = solution ? "solution" : "step";
      std::vector<Verdict> verdicts;
      for (int i = 0; i < 3; ++i) {
        const auto folder = solution ? context.course.solution(stage) : context.course.step(stage);
        std::filesystem::last_write_time(folder / edited_file(folder, stage, lesson),
                                         std::filesystem::file_time_type::clock::now());
        verdicts.push_back(check(build, stage, request, lesson ? &*lesson : nullptr, context.stop));
        if (verdicts.back().outcome == Outcome::cancelled) return 1;
      }
      std::sort(verdicts.begin(), verdicts.end(), [](const auto& a, const auto& b) { return a.total < b.total; });
      const auto& middle = verdicts[1];
      totals.push_back(ms(middle.total));
      fmt::print("{:<24} {:>10.0f} {:>10.0f} {:>10.0f} {:>10.0f}   {}: {}\n", stage.name, ms(middle.total),
                 ms(middle.build), ms(middle.tests), ms(middle.total - middle.build - middle.tests),
                 solution ? "solution" : "step", middle.headline);
      std::fflush(stdout);
    }
  }
  std::sort(totals.begin(), totals.end());
  fmt::print("median {:.0f} ms, largest {:.0f} ms (each the median of three saves)\n", totals[totals.size() / 2],
             totals.back());
  return 0;
}

}  // namespace runner
