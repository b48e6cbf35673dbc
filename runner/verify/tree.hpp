#pragma once

#include <string>
#include <vector>

#include "course/course.hpp"
#include "course/lesson.hpp"
#include "course/shipped.hpp"

namespace runner {

/// What is wrong with the files of a stage: missing ones, first lines and TODOs of steps, TODOs in solutions, length,
/// and names that hide a file of a stage that it does not stand on. `shipped`: its step. `lesson` may be null.
std::vector<std::string> stage_file_problems(const Course& course, const Stage& stage,
                                             const std::vector<ShippedFile>& shipped, const Lesson* lesson);

/// Files in steps/, solutions/, tests/ and docs/ that belong to nothing. In steps/ only those that git knows: a
/// learner's own files are no problem. Without git, all files are looked at.
std::vector<std::string> stray_files(const Course& course);

}  // namespace runner
