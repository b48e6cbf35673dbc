#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace runner {

/// What the learner can set right: a wrong argument, a folder that is no course, a machine that cannot build. Exit
/// code 2.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Stage {
  std::string name;                         // "04_whole_request"
  std::string title;                        // "whole request"
  std::vector<std::string> own;             // the files that this stage changes
  std::vector<std::string> on;              // names of the stages that it stands on, nearest first
  std::vector<std::string> sanitizers;      // "address", "thread": each must pass
  std::string precompiled;                  // "http": its file of tests/precompiled/headers; empty without one
  std::vector<std::string> tests{};         // "closes": its test cases of tests/shared, beside tests/STAGE.cpp
  std::vector<std::string> server_tests{};  // the same, of those that hold for its server

  std::string number() const { return name.substr(0, 2); }
  std::string page() const { return "docs/" + name + ".md"; }  // its lesson, relative to the root
};

/// A file that a stage is built from, and the stage that it comes from.
struct Origin {
  std::string file;
  std::string stage;
};

/// The repository that the learner works in.
class Course {
 public:
  /// `root` holds meson.build; the stages are read from the list that the build in `build` has written (stages.txt).
  Course(std::filesystem::path root, std::filesystem::path build);

  const std::filesystem::path& root() const { return root_; }
  const std::filesystem::path& build() const { return build_; }
  /// Where the runner keeps what is its own: progress, build folders.
  std::filesystem::path state() const { return root_ / ".learn"; }

  const std::vector<Stage>& stages() const { return stages_; }
  /// By number ("4", "04") or by any part of the name that only one stage has; UsageError with a suggestion otherwise.
  const Stage& find(std::string_view query) const;
  std::size_t index_of(const Stage& stage) const;

  std::filesystem::path step(const Stage& stage) const { return root_ / "steps" / stage.name; }
  std::filesystem::path solution(const Stage& stage) const { return root_ / "solutions" / stage.name; }
  std::filesystem::path lesson(const Stage& stage) const { return root_ / stage.page(); }
  /// Every file of a stage, its own first.
  std::vector<Origin> origins(const Stage& stage) const;

 private:
  std::filesystem::path root_;
  std::filesystem::path build_;
  std::vector<Stage> stages_;
};

}  // namespace runner
