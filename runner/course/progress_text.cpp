#include "course/progress_text.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "text/text.hpp"

namespace runner {
namespace {

constexpr std::string_view head = "# What you have done so far, a line for each stage. Written by ./learn.\n";
constexpr std::size_t longest_name = 100;  // bytes

// A word of letters, digits, `_`, `-` and `.`, which a stage's name is.
bool is_name(std::string_view word) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
  return !word.empty() && word.size() <= longest_name && word.find_first_not_of(letters) == std::string_view::npos;
}

// "2026-11-23"
bool is_date(std::string_view word) {
  constexpr std::string_view shape = "0000-00-00";
  return std::ranges::equal(
      word, shape, [](char letter, char like) { return like == '-' ? letter == '-' : letter >= '0' && letter <= '9'; });
}

// "04_whole_request done 2026-11-23 hints 2"
bool read_stage(const std::vector<std::string_view>& words, StageMarks& marks) {
  if (!is_name(words[0]) || words.size() % 2 == 0 || words.size() < 3) return false;
  marks.stage = words[0];
  for (std::size_t i = 1; i < words.size(); i += 2) {
    const auto number = to_number(words[i + 1]);
    if (words[i] == "done" && is_date(words[i + 1])) {
      marks.done = words[i + 1];
    } else if (words[i] == "hints" && number) {
      marks.hints = *number;
    } else {
      return false;
    }
  }
  return true;
}

bool read_line(std::string_view line, Progress& progress) {
  if (trimmed(line).empty() || line.starts_with('#')) return true;
  auto words = split(line, ' ');
  std::erase(words, "");
  if (words[0] == "current") {
    if (words.size() != 2 || !is_name(words[1])) return false;
    progress.current = words[1];
    return true;
  }
  StageMarks marks;
  if (!read_stage(words, marks) || progress.find(marks.stage) != nullptr) return false;
  progress.stages.push_back(std::move(marks));
  return true;
}

}  // namespace

ProgressText read_progress(std::string_view text) {
  ProgressText result;
  int number = 0;
  for (const auto line : split_lines(text)) {
    ++number;
    if (!read_line(line, result.progress) && result.damaged_line == 0) result.damaged_line = number;
  }
  return result;
}

std::string progress_text(const Progress& progress) {
  std::string text(head);
  if (!progress.current.empty()) text += fmt::format("current {}\n", progress.current);
  for (const auto& marks : progress.stages) {
    if (marks.done.empty() && marks.hints == 0) continue;
    text += marks.stage;
    if (!marks.done.empty()) text += fmt::format(" done {}", marks.done);
    if (marks.hints > 0) text += fmt::format(" hints {}", marks.hints);
    text += '\n';
  }
  return text;
}

const StageMarks* Progress::find(std::string_view stage) const {
  const auto found = std::ranges::find(stages, stage, &StageMarks::stage);
  return found == stages.end() ? nullptr : &*found;
}

bool Progress::is_done(std::string_view stage) const {
  const auto* marks = find(stage);
  return marks != nullptr && !marks->done.empty();
}

int Progress::hints(std::string_view stage) const {
  const auto* marks = find(stage);
  return marks != nullptr ? marks->hints : 0;
}

}  // namespace runner
