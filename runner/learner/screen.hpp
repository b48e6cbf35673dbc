#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "check/verdict.hpp"
#include "course/lesson.hpp"
#include "learner/commands.hpp"

namespace runner {

/// What a stage's page shows.
struct Page {
  const Stage* stage;
  std::optional<Lesson> lesson{};    // nothing: it cannot be read
  std::optional<Verdict> verdict{};  // nothing: not yet
  int hints = 0;                     // how many are shown
  bool untouched = false;            // the stage is as it was shipped
  bool was_done = false;             // it passed once
  std::string activity{};            // while there is no verdict
  bool keys = false;                 // commands are keys, too: `d`
  std::vector<std::string> below{};  // stages of the learner's own that this one stands on, and that are not done

  int hint_count() const { return lesson ? static_cast<int>(lesson->hints.size()) : 0; }
  bool passes() const { return verdict && verdict->passes(); }
};

/// The page of one stage as lines of at most `width` columns: where one is, what failed, what it means, hints, where to
/// look. The same in watch mode and in `learn run`.
std::vector<std::string> stage_page(const Context& context, const Page& page, int width);

/// The revealed hints alone.
std::vector<std::string> hint_lines(const Context& context, const Page& page, int width);

/// A unified diff in colours.
std::vector<std::string> diff_lines(std::string_view diff, const Paint& paint);

/// The line at the bottom of the screen, wrapped: the keys and what they do.
std::vector<std::string> key_lines(const Page& page, int width, const Paint& paint);

/// What a stage is about, "a stream of bytes has no messages", out of the README's table; empty when it does not say.
std::string about(const Course& course, const Stage& stage);

/// The stages, part by part, with marks for done and current.
struct ListPage {
  std::vector<std::string> lines;
  int selected = 0;  // the line of the selected stage
};
/// `selected`: the stage that a cursor is on; without one (-1) each stage is followed by what it is about.
ListPage list_page(const Context& context, int width, int selected = -1);

}  // namespace runner
