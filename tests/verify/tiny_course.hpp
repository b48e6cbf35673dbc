// The course of tests/verify/course as a clone of its own, with the real meson.build and the real test support.
#pragma once

#include <doctest/doctest.h>

#include <cstdlib>

#include "folder.hpp"
#include "system/files.hpp"
#include "text/text.hpp"

inline std::filesystem::path repository() {
  return std::getenv("REPOSITORY");
}

class TinyCourse : public Folder {
 public:
  TinyCourse() {
    const auto options = std::filesystem::copy_options::recursive;
    std::filesystem::copy(repository() / "tests/verify/course", path(), options);
    for (const char* each : {"tests/support", "subprojects"})
      std::filesystem::copy(repository() / each, path() / each, options);
    for (const char* each : {"meson_options.txt", "runner/stages.txt.in"})
      write(each, runner::read_file(repository() / each));
    auto build = runner::read_file(repository() / "meson.build");
    const auto begin = build.find("stages = {\n");
    const auto end = build.find("\n}\n", begin) + 3;
    build.replace(begin, end - begin, read("stages.meson"));
    write("meson.build", build);
    write("build/stages.txt", read("stages.txt"));
    write(".gitignore", "/.learn/\n/build/\n*.kept-*\n");
    git({"init", "--quiet"});
    commit("the course");
  }

  // Everything as at the beginning.
  void restore() {
    git({"reset", "--quiet", "--hard", first()});
    git({"clean", "--quiet", "-fd"});
  }
  std::string first() const {
    return std::string(runner::trimmed(git({"rev-list", "--max-parents=0", "HEAD"}).output));
  }

  void replace(const std::string& file, std::string_view what, std::string_view by) const {
    const auto text = read(file);
    REQUIRE(text.find(what) != std::string::npos);
    write(file, runner::replaced(text, what, by));
  }
  // As a new version of the course: the step together with its lesson.
  void ship(const std::string& stage) const {
    write("docs/" + stage + ".md", read("docs/" + stage + ".md") + "\n");
    commit("a new version of " + stage);
  }

  runner::Finished verify(std::vector<std::string> arguments = {}) const {
    runner::Command command;
    command.words = {std::getenv("VERIFY"), "--keep", "--compiler", std::getenv("COMPILER")};
    command.words.insert(command.words.end(), arguments.begin(), arguments.end());
    command.folder = path();
    command.environment = {{"SERVERLINGS_ROOT", path().string()}, {"SERVERLINGS_BUILD", (path() / "build").string()}};
    return runner::run(command);
  }
};
