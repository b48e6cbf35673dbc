#pragma once

#include <filesystem>
#include <stop_token>

namespace runner {

/// The folder of the course: where the script ./learn lies (SERVERLINGS_ROOT), or the nearest one above that looks like
/// it. Throws UsageError where there is none.
std::filesystem::path find_root();

/// The build that the course's list of stages is read from; it is set up if it is not there. SERVERLINGS_BUILD names
/// another one.
std::filesystem::path find_build(const std::filesystem::path& root, std::stop_token stop);

}  // namespace runner
