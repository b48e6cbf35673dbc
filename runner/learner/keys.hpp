#pragma once

#include <cstddef>
#include <string_view>
#include <variant>
#include <vector>

#include "learner/commands.hpp"
#include "learner/shown.hpp"
#include "learner/terminal.hpp"

namespace runner {

// What a key asks for beyond what it changes on the screen.
struct Quit {};
struct Suspend {};
struct CheckAgain {};
struct ServeOrEnd {};
struct GoTo {
  std::size_t index;  // of the stage
};
using Wish = std::variant<std::monostate, Quit, Suspend, CheckAgain, ServeOrEnd, GoTo>;

/// What each key does: to what is shown, or as a wish that others fulfil.
class Keys {
 public:
  Keys(const Context& context, Shown& shown) : context_(context), shown_(shown) {}

  Wish press(KeyPress pressed, Window window);

 private:
  Wish press_on_stage(KeyPress pressed, Window window);
  Wish press_on_list(KeyPress pressed);
  void press_on_text(KeyPress pressed, Window window);
  bool scrolled(KeyPress pressed, Window window);
  Wish next_stage();
  Wish stage_before();
  void next_hint();
  void show_list();
  void show_text(char key, std::vector<std::string> lines);
  void show_full_text(Window window);
  void show_difference();

  const Context& context_;
  Shown& shown_;
};

}  // namespace runner
