#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "course/course.hpp"
#include "course/document.hpp"

namespace runner {

enum class ShippedAs { build, test, hang, sanitizer };  // how a stage fails before the learner touches it

struct Hint {
  std::string title{};  // "Hint 1: a nudge"
  std::string body{};   // markdown
  int line = 0;
};

struct Lesson {
  Document document{};
  std::string number{};             // "04"
  std::string title{};              // "Whole request"
  std::string part{};               // "1, one thread"
  std::vector<std::string> edit{};  // "steps/04_whole_request/read_request.cpp"
  ShippedAs shipped_as = ShippedAs::build;
  std::string purpose{};  // the line that says that the failure is on purpose
  std::vector<Hint> hints{};

  // What the first run shows with a compiler, "gcc" or "clang", in a fence "```text gcc"; may be null.
  const Fence* transcript(std::string_view compiler) const;
  // The same of the schedule by which it fails, in a fence "```text story gcc".
  const Fence* story(std::string_view compiler) const;
};

/// Throws DocumentError for a text that cannot be read as a lesson. What is merely missing is not refused here, so that
/// a learner still gets hints from a lesson that is not finished: see problems_of.
Lesson read_lesson(std::string_view markdown);

/// The lesson of a stage, or nothing when it cannot be read (the reason in `problem`).
std::optional<Lesson> lesson_of(const Course& course, const Stage& stage, std::string* problem = nullptr);

std::string_view to_string(ShippedAs shipped_as);

}  // namespace runner
