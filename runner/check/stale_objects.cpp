#include "check/stale_objects.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <sstream>
#include <string_view>
#include <system_error>
#include <vector>

#include "system/files.hpp"

namespace runner {
namespace {

namespace fs = std::filesystem;
using Time = fs::file_time_type;

struct Facts {
  Time::rep time = 0;
  std::size_t content = 0;  // its hash

  bool operator==(const Facts&) const = default;
};

bool is_source(const fs::path& path) {
  constexpr std::array<std::string_view, 8> endings{".cpp", ".hpp", ".h", ".cc", ".hh", ".cxx", ".hxx", ".ipp"};
  const auto ending = path.extension().string();
  return std::ranges::find(endings, ending) != endings.end() && is_file(path);
}

// By "FOLDER/FILE", so that a course can be moved. A file that vanishes while it is read counts as not there.
std::map<std::string, Facts> look_at(const std::vector<fs::path>& folders) {
  std::map<std::string, Facts> found;
  for (const auto& folder : folders) {
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(folder, none)) {
      if (!is_source(entry.path())) continue;
      try {
        // The time first: what is written after that has a later one, and is seen the next time.
        const auto time = fs::last_write_time(entry.path()).time_since_epoch().count();
        const auto name = (folder.filename() / entry.path().filename()).string();
        found[name] = {time, std::hash<std::string>{}(read_file(entry.path()))};
      } catch (const std::system_error&) {
      }
    }
  }
  return found;
}

// "TIME HASH FOLDER/FILE" a line.
std::map<std::string, Facts> remembered(const fs::path& memory) {
  std::map<std::string, Facts> known;
  if (!is_file(memory)) return known;
  std::istringstream lines(read_file(memory));
  Facts facts;
  for (std::string path; lines >> facts.time >> facts.content && lines.get() == ' ' && std::getline(lines, path);) {
    known[path] = facts;
  }
  return known;
}

}  // namespace

void delete_stale_objects(const fs::path& build, const fs::path& steps, const Stage& stage) {
  std::vector<fs::path> folders{steps / stage.name};
  for (const auto& lower : stage.on) folders.push_back(steps / lower);
  const auto program = stage.name + ".step.";
  const auto memory = build / (stage.name + ".sources");
  const auto files = look_at(folders);
  const auto known = remembered(memory);
  if (files == known) return;
  // What was compiled at this time or later may be of another content. A file that is new may hide another one of its
  // name, and one that is gone may uncover one: then all is compiled again.
  constexpr auto ever = Time::min().time_since_epoch().count();
  auto oldest = Time::max().time_since_epoch().count();
  for (const auto& [path, facts] : files) {
    const auto before = known.find(path);
    if (before != known.end() && before->second == facts) continue;
    oldest = std::min(oldest, before == known.end() && !known.empty() ? ever : facts.time);
  }
  for (const auto& [path, facts] : known) {
    if (!files.contains(path)) oldest = ever;
  }
  std::error_code none;
  for (const auto& folder : fs::directory_iterator(build, none)) {
    const auto name = folder.path().filename().string();
    const bool ours = name.starts_with(program) || name.starts_with("lib" + program);
    if (!ours || !name.ends_with(".p")) continue;
    for (const auto& entry : fs::recursive_directory_iterator(folder.path(), none)) {
      std::error_code gone;
      const auto time = fs::last_write_time(entry.path(), gone);
      if (entry.path().extension() == ".o" && !gone && time.time_since_epoch().count() >= oldest) {
        fs::remove(entry.path(), gone);
      }
    }
  }
  std::string text;
  for (const auto& [path, facts] : files) text += fmt::format("{} {} {}\n", facts.time, facts.content, path);
  write_file(memory, text);  // only now: whoever is stopped before this begins again
}

}  // namespace runner
