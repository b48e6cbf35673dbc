#pragma once

#include <filesystem>

namespace runner {

/// Whether the file system of `folder` reports changes to programs (inotify(7)); network and WSL mounts do not.
bool has_file_events(const std::filesystem::path& folder);

}  // namespace runner
