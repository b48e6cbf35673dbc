#pragma once

#include <string>
#include <vector>

#include "learner/commands.hpp"
#include "learner/shown.hpp"
#include "learner/terminal.hpp"

namespace runner {

/// The screen of watch mode, of at most as many lines as the window has; `shown.scroll` is brought within the page.
std::vector<std::string> frame(const Context& context, Shown& shown, Window window);

/// The same without a screen to scroll in: all of its lines.
std::vector<std::string> whole_frame(const Context& context, const Shown& shown, Window window);

}  // namespace runner
