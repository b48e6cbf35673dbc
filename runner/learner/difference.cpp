#include <fmt/core.h>

#include <algorithm>

#include "course/shipped.hpp"
#include "learner/commands.hpp"
#include "system/files.hpp"
#include "system/process.hpp"
#include "text/text.hpp"

namespace runner {
namespace {

constexpr auto no_file = "/dev/null";

// `diff -u` of two texts.
std::string difference(const Course& course, const std::string& before, std::string_view before_text,
                       const std::string& after, std::string_view after_text) {
  const auto folder = course.state() / "diff";
  std::filesystem::create_directories(folder);
  write_file(folder / "before", before_text);
  write_file(folder / "after", after_text);
  const auto diff =
      run({.words = {"diff", "-u", "--label", before, "--label", after, "before", "after"}, .folder = folder});
  if (diff.end == End::not_started) throw UsageError("diff is not installed: " + diff.error);
  return printable(diff.output);
}

// A step's text without what only a step has: the line that names its lesson, and its TODOs.
std::string without_marks(const std::string& text) {
  std::string kept;
  bool todo = false;
  for (const auto line : split_lines(without_lesson_line(text))) {
    const auto body = trimmed(line);
    todo = body.starts_with("// TODO") || (todo && body.starts_with("//   "));
    if (!todo) kept.append(line).append("\n");
  }
  return kept;
}

}  // namespace

std::string_view without_lesson_line(std::string_view text) {
  return text.starts_with("// Stage ") ? text.substr(std::min(text.find('\n'), text.size() - 1) + 1) : text;
}

std::string diff_with_solution(const Course& course, const Stage& stage) {
  std::string text;
  for (const auto& file : stage.own) {
    const auto step = course.step(stage) / file;
    const bool there = is_file(step);
    const auto label = stage.name + "/" + file;
    text += difference(course, there ? "steps/" + label : no_file, there ? without_marks(read_file(step)) : "",
                       "solutions/" + label, read_file(course.solution(stage) / file));
  }
  return text;
}

std::string given_by(const Course& course, const Stage& stage) {
  std::string text;
  for (const auto& [file, shipped] : shipped_files(course, stage)) {
    if (!shipped) continue;  // the learner's to make
    std::string before = no_file, before_text;
    if (!stage.on.empty()) {
      for (const auto& [lower_file, origin] : course.origins(course.find(stage.on.front()))) {
        if (lower_file != file) continue;
        before = "solutions/" + origin + "/" + file;
        before_text = read_file(course.root() / before);
      }
    }
    text += difference(course, before, before_text, "steps/" + stage.name + "/" + file, without_lesson_line(*shipped));
  }
  return text;
}

}  // namespace runner
