#include "check/warnings.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include "reading/compiler_output.hpp"
#include "reading/ninja_output.hpp"
#include "system/files.hpp"
#include "text/text.hpp"

namespace runner {
namespace {

namespace fs = std::filesystem;

fs::path folder_of(const BuildFolder& build) {
  return build.folder / "warnings";
}

}  // namespace

void keep_warnings(const BuildFolder& build, std::string_view ninja_output) {
  const auto ninja = read_ninja(ninja_output);
  const auto file = [&](std::string_view object) { return folder_of(build) / (replaced(object, "/", "_") + ".txt"); };
  std::error_code ignored;
  for (const auto& object : ninja.compiled) fs::remove(file(object), ignored);
  for (const auto& edge : ninja.edges) {
    if (edge.failed || edge.text.find("warning: ") == std::string::npos) continue;
    fs::create_directories(folder_of(build), ignored);
    write_file(file(edge.targets), edge.text);
  }
}

std::optional<Diagnostic> kept_warning(const BuildFolder& build, std::string_view target,
                                       const std::vector<std::string>& files) {
  std::set<fs::path> kept;
  std::error_code missing;
  for (const auto& entry : fs::directory_iterator(folder_of(build), missing)) {
    if (entry.path().filename().string().find(target) != std::string::npos) kept.insert(entry.path());
  }
  std::optional<Diagnostic> first;
  auto first_rank = files.end();
  for (const auto& path : kept) {
    for (auto& each : read_compiler_output(read_file(path), files)) {
      const auto rank = std::ranges::find(files, each.place.file);
      if (each.kind != Kind::warning || rank >= first_rank) continue;
      first = std::move(each);
      first_rank = rank;
    }
  }
  return first;
}

}  // namespace runner
