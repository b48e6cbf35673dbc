#pragma once

#include "learner/commands.hpp"

namespace runner {

/// `learn` on a terminal: shows the stage, checks it at each save, and does what the keys say, until q. Exit code 0.
int watch(Context& context, const Stage& stage);

}  // namespace runner
