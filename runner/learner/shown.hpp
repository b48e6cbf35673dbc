#pragma once

#include <optional>
#include <string>
#include <vector>

#include "check/verdict.hpp"
#include "course/course.hpp"
#include "course/lesson.hpp"

namespace runner {

enum class View { stage, text, list };

/// What watch mode knows of the stage that it is at, and shows. It belongs to the loop's thread.
struct Shown {
  const Stage* stage;
  std::optional<Lesson> lesson{};
  bool was_done = false;
  std::vector<std::string> below{};  // stages that this one stands on, and that are not done

  // Of the last check, and of the one under way.
  std::optional<Verdict> verdict{};
  bool untouched = false;
  bool checking = false;
  bool told_early = false;  // what to mend, by the check under way
  std::string activity{};

  // By what the learner has pressed.
  View view = View::stage;
  int hints = 0;
  int scroll = 0;
  char opened_by = 0;               // the key for which `text` was opened
  std::vector<std::string> text{};  // for View::text
  int selected = 0;                 // in View::list
  bool answer_asked = false;        // d, once

  // At the bottom.
  std::string message{};
  std::string serving{};
  bool polls = false;

  int hint_count() const { return lesson ? static_cast<int>(lesson->hints.size()) : 0; }
  bool passes() const { return verdict && verdict->passes(); }

  void open(View next) {
    view = next;
    scroll = 0;
  }
};

}  // namespace runner
