#pragma once

#include <string>
#include <vector>

#include "check/verdict.hpp"
#include "course/course.hpp"
#include "reading/story.hpp"
#include "system/files.hpp"
#include "text/text.hpp"

namespace runner {

/// The lines of the files below `root`, for stories of it; of files in steps/ those below `steps`, if that is another.
inline SourceLine source_of(const std::filesystem::path& root, const std::filesystem::path& steps = {}) {
  return [root, steps](const Place& place) {
    const bool other = !steps.empty() && place.file.starts_with("steps/");
    const auto file = (other ? steps : root) / place.file;
    const auto text = is_file(file) ? read_file(file) : std::string();
    const auto lines = split_lines(text);
    const auto at = static_cast<std::size_t>(place.line);
    return at >= 1 && at <= lines.size() ? std::string(lines[at - 1]) : std::string();
  };
}

/// What a schedule came to, where its last step does not say it.
inline std::vector<std::string> failure_lines(const Verdict& verdict, int width) {
  std::vector<std::string> lines;
  for (const auto& each : verdict.detail) {
    if (each.field == Field::test || each.field == Field::rule) continue;
    for (auto& line : fold(to_string(each), width)) lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace runner
