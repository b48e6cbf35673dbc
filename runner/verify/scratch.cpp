#include "verify/scratch.hpp"

#include <fmt/core.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "check/check.hpp"
#include "system/files.hpp"
#include "text/text.hpp"

namespace runner {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view prefix = "verify-";  // then the process's number

void remove_abandoned(const fs::path& state) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(state, ignored)) {
    const auto name = entry.path().filename().string();
    if (!name.starts_with(prefix)) continue;
    const auto pid = to_number(std::string_view(name).substr(prefix.size()));
    if (pid && kill(*pid, 0) != 0 && errno == ESRCH) fs::remove_all(entry.path(), ignored);
  }
}

}  // namespace

std::vector<fs::path> files_below(const fs::path& root, const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code missing;
  for (const auto& entry : fs::recursive_directory_iterator(root / folder, missing)) {
    if (entry.is_regular_file()) files.push_back(entry.path().lexically_relative(root));
  }
  std::ranges::sort(files);
  return files;
}

Scratch::Scratch(const Course& course, bool keep) : keep_(keep) {
  fs::create_directories(course.state());
  remove_abandoned(course.state());
  root_ = course.state() / (keep ? std::string(prefix) + "kept" : fmt::format("{}{}", prefix, getpid()));
  if (!keep) fs::remove_all(root_);
  fs::create_directories(root_);
  std::vector<fs::path> files{"meson.build", "meson_options.txt", "runner/stages.txt.in", "README.md",
                              "CONTRIBUTING.md"};
  for (const auto& stage : course.stages()) {
    files.push_back(fs::path("tests") / (stage.name + ".cpp"));
    fs::create_directories(root_ / "steps" / stage.name);
  }
  for (const auto& file : files) {
    if (is_file(course.root() / file)) put(file, read_file(course.root() / file));
  }
  for (const char* folder : {"docs", "solutions", "tests/precompiled", "tests/shared", "tests/site", "tests/support"})
    put_folder(folder, course.root() / folder);
  // Through a link, so that what Meson downloads on a machine without the packages is downloaded once.
  std::error_code there;
  if (fs::exists(course.root() / "subprojects")) {
    fs::create_directory_symlink(course.root() / "subprojects", root_ / "subprojects", there);
  }
}

Scratch::~Scratch() {
  std::error_code ignored;
  if (!keep_) fs::remove_all(root_, ignored);
}

fs::path Scratch::build(const std::string& compiler) const {
  return root_ / ".learn" / ("build-" + fs::path(compiler).filename().string());
}

void Scratch::put(const fs::path& file, std::string_view text) {
  files_.insert(file);
  const auto path = root_ / file;
  if (is_file(path) && read_file(path) == text) return;
  fs::create_directories(path.parent_path());
  write_file(path, text);
}

void Scratch::put_folder(const fs::path& folder, const fs::path& from) {
  for (const auto& file : files_below(from, "")) put(folder / file, read_file(from / file));
}

void Scratch::put_step(const Stage& stage, const std::vector<ShippedFile>& files) {
  for (const auto& file : files) {
    if (file.text) put(fs::path("steps") / stage.name / file.name, *file.text);
  }
}

void Scratch::remove_others() const {
  for (const char* folder : {"docs", "mistakes", "solutions", "steps", "tests"}) {
    for (const auto& file : files_below(root_, folder)) {
      if (!files_.contains(file)) fs::remove(root_ / file);
    }
  }
}

void Scratch::mend_step(const Stage& stage) const {
  for (const auto& file : stage.own) {
    write_file(root_ / "steps" / stage.name / file, read_file(root_ / "solutions" / stage.name / file));
  }
}

}  // namespace runner
