#pragma once

#include "learner/commands.hpp"

namespace runner {

/// Whether the file system of `folder` reports changes to programs (inotify(7)); network and WSL mounts do not.
bool has_file_events(const std::filesystem::path& folder);

/// What is there, what is missing, what each missing thing costs, and the command that installs it. Exit code 0 when
/// the course can be worked through, 2 when it cannot.
int doctor(Context& context);

}  // namespace runner
