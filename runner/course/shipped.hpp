#pragma once

#include <optional>
#include <string>
#include <vector>

#include "course/course.hpp"

namespace runner {

struct ShippedFile {
  std::string name;                 // "main.cpp"
  std::optional<std::string> text;  // nothing: the learner is to make this file
};

/// A stage before a learner touched it.
struct ShippedStage {
  std::string commit;              // empty: the stage is not in git yet, and the working tree is what ships
  std::vector<ShippedFile> files;  // the stage's own files, in its order
};

/// A stage's own files under steps/ as the newest commit left them that changed the stage together with its lesson
/// (without such a commit: the first one in which both are there). Learners change the one and not the other, so what
/// they edit or commit makes no difference. A file of which only the solution was there is the learner's to make.
/// Throws UsageError, with what to do, when git cannot tell.
ShippedStage shipped_stage(const Course& course, const Stage& stage);
std::vector<ShippedFile> shipped_files(const Course& course, const Stage& stage);

/// The same, taken from the working tree.
std::vector<ShippedFile> files_as_they_stand(const Course& course, const Stage& stage);
/// The text of a file of the working tree, or nothing when there is no such file.
std::optional<std::string> text_if_there(const std::filesystem::path& path);

/// Whether the stage's own files are as they were shipped; not when git cannot tell. Usually one call of git.
bool is_untouched(const Course& course, const Stage& stage);
/// The same for files that were asked for before.
bool is_untouched(const Course& course, const Stage& stage, const std::vector<ShippedFile>& shipped);

}  // namespace runner
