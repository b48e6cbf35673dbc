#include <fmt/core.h>

#include <utility>

#include "learner/commands.hpp"
#include "system/files.hpp"
#include "system/process.hpp"
#include "text/text.hpp"

namespace runner {
namespace {

// A step's text without what only a step has: the line that names its lesson, and its TODOs.
std::string without_marks(const std::string& text) {
  std::string kept;
  bool first = true;
  bool todo = false;
  for (const auto line : split_lines(text)) {
    const auto body = trimmed(line);
    if (!std::exchange(first, false) || !body.starts_with("// Stage ")) {
      todo = body.starts_with("// TODO") || (todo && body.starts_with("//   "));
      if (!todo) kept.append(line).append("\n");
    }
  }
  return kept;
}

}  // namespace

std::string diff_with_solution(const Course& course, const Stage& stage) {
  std::string text;
  const auto folder = course.state() / "diff";
  std::filesystem::create_directories(folder);
  for (const auto& file : stage.own) {
    const auto step = course.step(stage) / file;
    const bool there = is_file(step);
    write_file(folder / "yours", there ? without_marks(read_file(step)) : "");
    const auto label = stage.name + "/" + file;
    const auto yours = there ? "steps/" + label : "/dev/null";
    const auto diff = run({.words = {"diff", "-u", "--label", yours, "--label", "solutions/" + label, "yours",
                                     (course.solution(stage) / file).string()},
                           .folder = folder});
    if (diff.end == End::not_started) throw UsageError("diff is not installed: " + diff.error);
    text += printable(diff.output);
  }
  return text;
}

}  // namespace runner
