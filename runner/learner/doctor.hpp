#pragma once

#include "learner/commands.hpp"

namespace runner {

/// What is there, what is missing, what each missing thing costs, and the command that installs it. Exit code 0 when
/// the course can be worked through, 2 when it cannot.
int doctor(Context& context);

}  // namespace runner
