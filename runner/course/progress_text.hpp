#pragma once

#include <string>
#include <string_view>

#include "course/progress.hpp"

namespace runner {

struct ProgressText {
  Progress progress{};   // what could be read
  int damaged_line = 0;  // the first that could not, from 1; 0: none
};

/// Reads the text of a progress file, see ProgressFile. Empty lines and those that begin with # say nothing.
ProgressText read_progress(std::string_view text);

std::string progress_text(const Progress& progress);

}  // namespace runner
