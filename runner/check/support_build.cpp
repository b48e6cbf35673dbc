#include "check/support_build.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <string>
#include <vector>

#include "check/build_lock.hpp"
#include "course/course.hpp"
#include "system/files.hpp"

namespace runner {
namespace {

std::vector<std::string> support_libraries(std::string_view sanitizer) {
  return {"tests/support/libdoctest_main.a", fmt::format("tests/support/libsupport.{}.a", sanitizer)};
}

}  // namespace

bool has_support(const BuildFolder& build, std::string_view sanitizer) {
  const auto libraries = support_libraries(sanitizer);
  return std::all_of(libraries.begin(), libraries.end(),
                     [&](const auto& each) { return is_file(build.folder / each); });
}

void build_support(const BuildFolder& build, std::string_view sanitizer, const std::stop_token& stop) {
  const BuildLock lock(build.folder, stop);
  if (stop.stop_requested()) return;
  auto ninja = ninja_command(build, support_libraries(sanitizer));
  ninja.words.insert(ninja.words.begin(), "nice");
  run(ninja, stop);
}

}  // namespace runner
