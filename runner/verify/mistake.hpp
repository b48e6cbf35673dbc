#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "check/check.hpp"
#include "course/course.hpp"
#include "verify/scratch.hpp"

namespace runner {

enum class RejectedBy { test, sanitizer, time_limit, build };

struct Rejection {
  RejectedBy by = RejectedBy::test;
  std::string words;  // the test's name, the report's kind, part of the error
};

/// A wrong solution that the tests must reject: tests/mistakes/STAGE/NAME.patch.
struct Mistake {
  std::string name;                   // "one_read"
  std::filesystem::path patch;        // in the repository
  std::string rejected_by;            // what its first line says …
  std::vector<Rejection> rejections;  // … and what that means; more than one where threads are free to choose
  std::vector<std::string> arrows;    // its third: the row that its screen shows, or "none"; several as above
  std::vector<std::string> files;     // of the stage, that the patch changes
  bool in_tests = false;              // the tests include them: they may reject it without a server

  bool is_rejected_by(RejectedBy way) const;
};

/// The names of the files that a source includes, of both kinds.
std::vector<std::string> includes(std::string_view text);

/// The patches of a stage, in the order of their names.
std::vector<std::filesystem::path> patches_of(const Course& course, const Stage& stage);

/// Throws std::runtime_error that says what is wrong with the file's head or with the files that it changes.
Mistake read_mistake(const std::filesystem::path& patch, const Stage& stage);

/// The middle of its targets' names, as Meson's underscorify makes it of STAGE/NAME.
std::string kind_of(const Stage& stage, const Mistake& mistake);

/// Makes the mistake's folder in the scratch copy, `course`: the files that the patch changes, changed, and those of
/// the stage that include one of them; sets mistake.in_tests. Throws std::runtime_error with git's words when the patch
/// does not apply.
void put_mistake(Scratch& scratch, const Course& course, const Stage& stage, Mistake& mistake);

/// The name of the row that a screen shows, or "none".
std::string shown_arrow(const Verdict& verdict);

/// What is wrong with the arrow that its screen shows; empty when it is one that its head names.
std::string arrow_problem(const Mistake& mistake, const Verdict& verdict);

/// The patch's text with this arrow in its head.
std::string with_arrow(std::string_view patch, const std::string& arrow);

/// What is wrong with how the mistake was rejected, in words; empty when it was as it should be.
std::string rejection_problem(const Mistake& mistake, const Verdict& verdict);

}  // namespace runner
