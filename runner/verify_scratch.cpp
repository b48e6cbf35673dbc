#include "verify_scratch.hpp"

#include <fmt/core.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>

#include "check.hpp"
#include "text.hpp"

namespace runner {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view prefix = "verify-";  // then the process's number

void copy(const fs::path& from, const fs::path& to) {
  if (!fs::exists(from)) return;
  fs::create_directories(to.parent_path());
  fs::copy(from, to, fs::copy_options::recursive | fs::copy_options::copy_symlinks);
}

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

Scratch::Scratch(const Course& course) {
  fs::create_directories(course.state());
  remove_abandoned(course.state());
  root_ = course.state() / fmt::format("{}{}", prefix, getpid());
  fs::remove_all(root_);
  for (const char* each : {"meson.build", "meson_options.txt", "runner/stages.txt.in", "solutions", "docs", "tests/support",
                           "tests/site", "README.md", "CONTRIBUTING.md"}) {
    copy(course.root() / each, root_ / each);
  }
  for (const auto& stage : course.stages()) {
    const auto tests = fs::path("tests") / (stage.name + ".cpp");
    copy(course.root() / tests, root_ / tests);
    fs::create_directories(root_ / "steps" / stage.name);
  }
  // Through a link, so that what Meson downloads on a machine without the packages is downloaded once.
  if (fs::exists(course.root() / "subprojects")) fs::create_directory_symlink(course.root() / "subprojects", root_ / "subprojects");
}

Scratch::~Scratch() {
  std::error_code ignored;
  fs::remove_all(root_, ignored);
}

fs::path Scratch::build(const std::string& compiler) const {
  return root_ / ".learn" / ("build-" + fs::path(compiler).filename().string());
}

void Scratch::write_step(const Stage& stage, const std::vector<ShippedFile>& files) const {
  for (const auto& file : files) write_file(root_ / "steps" / stage.name / file.name, file.text);
}

void Scratch::mend_step(const Stage& stage) const {
  for (const auto& file : stage.own) {
    write_file(root_ / "steps" / stage.name / file, read_file(root_ / "solutions" / stage.name / file));
  }
}

}  // namespace runner
