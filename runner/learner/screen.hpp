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
  bool keys = false;                    // commands are keys, too: `d`
  bool base_mine = false;               // the stage stands on the learner's own files
  std::vector<std::string> below{};     // and these of them are not done
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

/// What a stage is about, "a stream of bytes has no messages", out of the README's table; empty when it does not say.
std::string about(const Course& course, const Stage& stage);

/// The stages, part by part, with marks for done and current.
struct ListPage {
  std::vector<std::string> lines;
  int selected = 0;  // the line of the selected stage
};
/// `selected`: the stage that a cursor is on; without one (-1) each stage is followed by what it is about.
ListPage list_page(const Course& course, const Progress& progress, int width, const Paint& paint, int selected = -1);

}  // namespace runner
