#include "check/here.hpp"

#include <cstdlib>

#include "check/build_folder.hpp"
#include "course/course.hpp"

namespace runner {

std::filesystem::path find_root() {
  if (const char* given = std::getenv("SERVERLINGS_ROOT"); given != nullptr && *given != '\0') return given;
  for (auto folder = std::filesystem::current_path();; folder = folder.parent_path()) {
    if (std::filesystem::exists(folder / "steps") && std::filesystem::exists(folder / "meson.build")) return folder;
    if (folder == folder.root_path())
      throw UsageError("this is not a folder of serverlings: go there, and run ./learn");
  }
}

std::filesystem::path find_build(const std::filesystem::path& root, std::stop_token stop) {
  if (const char* given = std::getenv("SERVERLINGS_BUILD"); given != nullptr && *given != '\0') return given;
  auto build = root / ".learn" / "build";
  if (!std::filesystem::exists(build / "stages.txt")) set_up(root, build, "", {}, std::move(stop));
  return build;
}

}  // namespace runner
