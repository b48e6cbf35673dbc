#include "check/pool_size.hpp"

#include <fmt/core.h>

#include <regex>

#include "system/files.hpp"
#include "text/text.hpp"

namespace runner {

std::string with_pool_size(const std::string& text, int workers) {
  static const std::regex line(R"((\bThreadPool\s+\w+\s*[{(]\s*)\d+)");
  if (!std::regex_search(text, line)) return {};
  // Between the two parts of the format the number could be taken for a part of $1.
  return std::regex_replace(text, line, fmt::format("$01{}", workers), std::regex_constants::format_first_only);
}

// The commands that ninja built the server with, the names of the source, the object and the program changed.
std::filesystem::path server_with_pool_size(const BuildFolder& build, const std::string& target,
                                            const std::filesystem::path& main, int workers, std::stop_token stop) {
  const auto changed = with_pool_size(read_file(main), workers);
  if (changed.empty()) {
    throw UsageError(fmt::format("{} has no line such as 'ThreadPool pool{{4}};': no workers to count", main.string()));
  }
  const auto name = fmt::format("{}.{}_workers", target, workers);
  write_file(build.folder / (name + ".cpp"), changed);

  const auto commands = run(ninja_command(build, {"-t", "commands", target}), stop);
  if (commands.end == End::cancelled) throw Cancelled("stopped");
  std::string compiles;
  std::string links;
  for (const auto line : split_lines(commands.output)) {
    const auto source = line.rfind("-c ");
    const bool of_main = source != std::string_view::npos && line.ends_with("/main.cpp");
    if (of_main) compiles = line;
    if (line.find(fmt::format(" -o {} ", target)) != std::string_view::npos) links = line;
  }
  const auto option = compiles.rfind(" -o ");
  const auto source = compiles.rfind(" -c ");
  if (links.empty() || option == std::string::npos || source == std::string::npos || source < option) {
    throw UsageError("ninja does not tell how it built " + target);
  }
  const auto object = compiles.substr(option + 4, source - option - 4);
  compiles = replaced(compiles.substr(0, source), object, name + ".o") + " -c " + shell_quoted(name + ".cpp");
  links = replaced(replaced(links, object, name + ".o"), fmt::format(" -o {} ", target), fmt::format(" -o {} ", name));
  const auto built = run(
      {.words = {"sh", "-c", compiles + " && " + links}, .folder = build.folder, .environment = stage_environment()},
      std::move(stop));
  if (built.end == End::cancelled) throw Cancelled("stopped");
  if (!built.ok()) throw UsageError(fmt::format("{} does not build: {}", name, printable(built.output)));
  return build.folder / name;
}

}  // namespace runner
