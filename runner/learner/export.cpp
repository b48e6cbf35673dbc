#include <fmt/core.h>

#include "learner/commands.hpp"
#include "system/files.hpp"
#include "text/text.hpp"

namespace runner {
namespace {

constexpr std::string_view readme = R"(# {}

The server of stage {} of serverlings, as a project of its own.

    meson setup build
    meson compile -C build
    cd site && ../build/server 8080

Then open http://127.0.0.1:8080/ in a browser.
)";

constexpr std::string_view build = R"(project('server', 'cpp', default_options: ['cpp_std=c++20', 'warning_level=3'])

executable('server', {}, dependencies: dependency('threads'))
)";

}  // namespace

int export_stage(Context& context, const Stage& stage, const std::string& folder, bool solution) {
  const std::filesystem::path target(folder);
  if (std::filesystem::exists(target) && !std::filesystem::is_empty(target)) {
    throw UsageError(fmt::format("{} is not empty: name a folder that does not exist yet", folder));
  }
  std::filesystem::create_directories(target);
  const auto& course = context.course;
  std::vector<std::string> sources;
  for (const auto& [file, origin] : course.origins(stage)) {
    const bool mine = !solution && (origin == stage.name || context.base_mine());
    const auto from = course.root() / (mine ? "steps" : "solutions") / origin / file;
    if (mine && !is_file(from)) {
      fmt::print("Left out, since it is yours to make: {}\n", from.lexically_relative(course.root()).string());
      continue;
    }
    write_file(target / file, without_lesson_line(read_file(from)));  // a lesson that the new project does not have
    if (file.ends_with(".cpp")) sources.push_back("'" + file + "'");
  }
  std::filesystem::copy(course.root() / "tests" / "site", target / "site", std::filesystem::copy_options::recursive);
  write_file(target / "meson.build", fmt::format(build, join(sources, ", ")));
  write_file(target / "README.md", fmt::format(readme, stage.title, stage.number()));
  fmt::print("Stage {} is in {}: its README.md says how to build and start it.\n", stage.name, folder);
  return 0;
}

}  // namespace runner
