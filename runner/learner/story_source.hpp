#pragma once

#include <string>

#include "course/course.hpp"
#include "pictures/story.hpp"
#include "system/files.hpp"
#include "text/text.hpp"

namespace runner {

/// The lines of the course's files, for its stories; `course` must live as long.
inline SourceLine source_of(const Course& course) {
  return [&course](const Place& place) {
    const auto text = read_file(course.root() / place.file);
    const auto lines = split_lines(text);
    const auto at = static_cast<std::size_t>(place.line);
    return at >= 1 && at <= lines.size() ? std::string(lines[at - 1]) : std::string();
  };
}

}  // namespace runner
