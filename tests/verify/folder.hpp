// A folder of a test's own, gone at its end.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "course/course.hpp"
#include "system/files.hpp"
#include "system/process.hpp"

class Folder {
 public:
  Folder() {
    runner::adopt_orphans();  // as the learner's program does; it also ignores SIGPIPE
    std::string pattern = (std::filesystem::temp_directory_path() / "a course XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const std::filesystem::path& path() const { return path_; }

  void write(const std::filesystem::path& file, std::string_view text) const {
    std::filesystem::create_directories((path_ / file).parent_path());
    runner::write_file(path_ / file, text);
  }
  std::string read(const std::filesystem::path& file) const { return runner::read_file(path_ / file); }
  bool has(const std::filesystem::path& file) const { return std::filesystem::exists(path_ / file); }

  // In this folder, without the user's configuration.
  runner::Finished git(std::vector<std::string> arguments) const {
    runner::Command command;
    command.words = {"git", "-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"};
    command.words.insert(command.words.end(), arguments.begin(), arguments.end());
    command.folder = path_;
    command.environment = {{"GIT_CONFIG_GLOBAL", "/dev/null"}, {"GIT_CONFIG_SYSTEM", "/dev/null"}};
    return runner::run(command);
  }
  void commit(const std::string& message) const {
    git({"add", "--all"});
    git({"commit", "--quiet", "--allow-empty", "-m", message});
  }

 private:
  std::filesystem::path path_;
};
