#pragma once

#include <filesystem>

#include "course/course.hpp"

namespace runner {

/// ninja compiles a file again when it is newer than what was compiled of it. A file that is moved, unpacked or copied
/// back keeps its old time, and would count as compiled: so what the last build saw of the learner's files of `stage`
/// and of the stages below it (content and time) is remembered in `build`, and where one has changed, the objects of
/// the step that are not older than it are deleted. `steps`: where those files are. Call it under the build's lock,
/// before ninja.
void delete_stale_objects(const std::filesystem::path& build, const std::filesystem::path& steps, const Stage& stage);

}  // namespace runner
