#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace runner {

/// ninja compiles a file again when it is newer than what was compiled of it. A file that is moved, unpacked or copied
/// back keeps its old time, and would count as compiled: so what the last build saw of each file in `folders` (content
/// and time) is remembered in `memory`, and where one has changed, the objects below `build` that are not older than it
/// are deleted. `program`: how the names of their folders begin, "04_whole_request.step.". Call it under the build's
/// lock, before ninja.
void delete_stale_objects(const std::filesystem::path& build, const std::string& program,
                          const std::vector<std::filesystem::path>& folders, const std::filesystem::path& memory);

}  // namespace runner
