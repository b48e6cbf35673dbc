#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "course/course.hpp"
#include "course/progress.hpp"

namespace runner {

/// Where it is remembered what stages stand on.
std::filesystem::path base_file(const Course& course);
/// Whether the learner has chosen that stages stand on their own files; it is remembered beside the progress.
bool stands_on_mine(const Course& course);
/// Throws std::system_error when it cannot be written.
void remember_base(const Course& course, bool mine);

/// Stages below this one that are not done: what it stands on when the base is the learner's own files.
std::vector<std::string> not_done_below(const Course& course, const Stage& stage, const Progress& progress);

}  // namespace runner
