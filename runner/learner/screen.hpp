#pragma once

#include <string>
#include <vector>

#include "check/check.hpp"
#include "course/course.hpp"
#include "course/lesson.hpp"
#include "course/progress.hpp"
#include "text/paint.hpp"

namespace runner {

/// What a stage's page is made of.
struct Page {
  const Course& course;
  const Stage& stage;
  const Lesson* lesson;                 // null: the lesson cannot be read
  const Verdict* verdict;               // null: not yet
  int hints = 0;                        // how many are shown
  bool untouched = false;               // the stage is as it was shipped
  bool was_done = false;                // it passed once
  std::string activity = "building …";  // while there is no verdict
};

/// The page of one stage as lines of at most `width` columns: where one is, what failed, what it means, hints, where to
/// look. The same in watch mode and in `learn run`.
std::vector<std::string> stage_page(const Page& page, int width, const Paint& paint);

/// The revealed hints alone.
std::vector<std::string> hint_lines(const Page& page, int width, const Paint& paint);

/// A unified diff in colours.
std::vector<std::string> diff_lines(std::string_view diff, const Paint& paint);

/// The line at the bottom of the screen, wrapped: the keys and what they do.
std::vector<std::string> key_lines(int width, const Paint& paint, bool passes, int hints, int hints_shown);

/// `learn list`: one line per stage, with marks for done, current, and done but no longer passing.
std::vector<std::string> list_page(const Course& course, const Progress& progress, int width, const Paint& paint,
                                   int selected = -1);

}  // namespace runner
