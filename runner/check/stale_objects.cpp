#include "check/stale_objects.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <optional>
#include <sstream>
#include <string_view>
#include <system_error>

#include "course/course.hpp"
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
  return std::find(endings.begin(), endings.end(), ending) != endings.end() && is_file(path);
}

// By "FOLDER/FILE", so that a course can be moved. A file that vanishes while it is read counts as not there.
std::map<std::string, Facts> look_at(const std::vector<fs::path>& folders) {
  std::map<std::string, Facts> found;
  for (const auto& folder : folders) {
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(folder, none)) {
      if (!is_source(entry.path())) continue;
      std::error_code gone;
      // The time first: what is written after that has a later one, and is seen the next time.
      const auto time = fs::last_write_time(entry.path(), gone);
      if (gone) continue;
      try {
        found[(folder.filename() / entry.path().filename()).string()] = {
            time.time_since_epoch().count(), std::hash<std::string>{}(read_file(entry.path()))};
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

void delete_stale_objects(const fs::path& build, const std::string& program, const std::vector<fs::path>& folders,
                          const fs::path& memory) {
  const auto files = look_at(folders);
  const auto known = remembered(memory);
  if (files == known) return;
  // What was compiled at this time or later may be of another content. A file that is new may hide another one of its
  // name, and one that is gone may uncover one: then all is compiled again.
  std::optional<Time::rep> oldest;
  constexpr auto ever = Time::min().time_since_epoch();
  const auto stale_from = [&](Time::rep time) { oldest = std::min(oldest.value_or(time), time); };
  for (const auto& [path, facts] : files) {
    const auto before = known.find(path);
    if (before == known.end())
      stale_from(known.empty() ? facts.time : ever.count());
    else if (before->second != facts)
      stale_from(facts.time);
  }
  for (const auto& [path, facts] : known) {
    if (!files.contains(path)) stale_from(ever.count());
  }
  std::error_code none;
  for (const auto& folder : fs::directory_iterator(build, none)) {
    const auto name = folder.path().filename().string();
    const bool ours = name.starts_with(program) || name.starts_with("lib" + program);
    if (!ours || !name.ends_with(".p")) continue;
    for (const auto& entry : fs::recursive_directory_iterator(folder.path(), none)) {
      std::error_code gone;
      const auto time = fs::last_write_time(entry.path(), gone);
      if (entry.path().extension() == ".o" && !gone && time.time_since_epoch().count() >= *oldest) {
        fs::remove(entry.path(), gone);
      }
    }
  }
  std::string text;
  for (const auto& [path, facts] : files) text += fmt::format("{} {} {}\n", facts.time, facts.content, path);
  write_file(memory, text);  // only now: whoever is stopped before this begins again
}

}  // namespace runner
