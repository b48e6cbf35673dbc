#pragma once

#include <string>
#include <vector>

#include "learner/commands.hpp"
#include "learner/screen.hpp"
#include "learner/terminal.hpp"
#include "pictures/story_player.hpp"

namespace runner {

enum class View { stage, text, list, story };

/// What watch mode knows of the stage that it is at, and shows. It belongs to the loop's thread.
struct Shown : Page {
  bool checking = false;
  bool told_early = false;  // what to mend, by the check under way

  // By what the learner has pressed.
  View view = View::stage;
  int scroll = 0;
  char opened_by = 0;               // the key for which `text` was opened
  std::vector<std::string> text{};  // for View::text
  int selected = 0;                 // in View::list
  StoryPlayer player{};             // for View::story
  bool answer_asked = false;        // d, once

  // At the bottom.
  std::string message{};
  std::string serving{};
  bool polls = false;

  void open(View next) {
    view = next;
    scroll = 0;
  }
};

/// The screen of watch mode, of at most as many lines as the window has; `shown.scroll` is brought within the page.
/// Without a `screen` to scroll in: all of its lines.
std::vector<std::string> frame(const Context& context, Shown& shown, Window window, bool screen);

}  // namespace runner
