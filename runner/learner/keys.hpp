#pragma once

#include <cstddef>
#include <variant>

#include "learner/commands.hpp"
#include "learner/frame.hpp"
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
Wish press(const Context& context, Shown& shown, KeyPress pressed, Window window);

}  // namespace runner
