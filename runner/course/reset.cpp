#include "course/reset.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "course/shipped.hpp"
#include "system/files.hpp"
#include "text/text.hpp"

namespace runner {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kept = ".kept-";

fs::path kept_path(const fs::path& file, int number) {
  return fs::path(file).concat(fmt::format("{}{}", kept, number));
}

// The highest number among a stage's kept files; 0 when there are none.
int newest_kept(const fs::path& folder, const std::vector<ShippedFile>& files) {
  int newest = 0;
  std::error_code missing;
  for (const auto& entry : fs::directory_iterator(folder, missing)) {
    const auto name = entry.path().filename().string();
    const auto at = name.rfind(kept);
    if (at == std::string::npos) continue;
    const bool own = std::ranges::find(files, name.substr(0, at), &ShippedFile::name) != files.end();
    const auto number = to_number(std::string_view(name).substr(at + kept.size()));
    if (own && number) newest = std::max(newest, *number);
  }
  return newest;
}

// Never over another file: copy_file refuses that.
std::string keep(const Course& course, const fs::path& file, int number) {
  const auto to = kept_path(file, number);
  fs::copy_file(file, to);
  return fmt::format("Your {} is kept as {}", file.filename().string(), to.lexically_relative(course.root()).string());
}

}  // namespace

std::vector<std::string> reset(const Course& course, const Stage& stage) {
  const auto files = shipped_files(course, stage);
  const auto folder = course.step(stage);
  const auto name = folder.lexically_relative(course.root()).string();
  if (is_untouched(course, stage, files))
    return {fmt::format("{} is as it was shipped: there is nothing to reset.", name)};

  fs::create_directories(folder);
  const int number = newest_kept(folder, files) + 1;
  std::vector<std::string> said;
  for (const auto& file : files) {
    const auto path = folder / file.name;
    if (text_if_there(path) == file.text) continue;
    if (fs::exists(path)) {
      said.push_back(keep(course, path, number));
    } else {
      said.push_back(fmt::format("{} was gone", file.name));
    }
    if (file.text)
      write_file(path, *file.text);
    else
      fs::remove(path);  // as before the learner made it
  }
  said.push_back(
      fmt::format("{} is as it was shipped again. Back to yours: ./learn reset {} --undo", name, stage.number()));
  return said;
}

std::vector<std::string> undo_reset(const Course& course, const Stage& stage) {
  const auto files = shipped_files(course, stage);
  const auto folder = course.step(stage);
  const int number = newest_kept(folder, files);
  if (number == 0) {
    throw UsageError(
        fmt::format("nothing of {} is kept: it was not reset, or its *.kept-* files were removed", stage.name));
  }
  std::vector<std::string> said;
  for (const auto& file : files) {
    const auto path = folder / file.name;
    const auto from = kept_path(path, number);
    if (!fs::exists(from)) continue;
    const auto kept_text = read_file(from);
    const auto text = text_if_there(path);
    if (text && text != file.text && text != kept_text) said.push_back(keep(course, path, number + 1));
    // Written anew, with the time of now, so that a build sees the change.
    write_file(path, kept_text);
    fs::remove(from);
    said.push_back(fmt::format("{} is yours again", path.lexically_relative(course.root()).string()));
  }
  return said;
}

}  // namespace runner
