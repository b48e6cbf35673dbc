#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "course/course.hpp"
#include "course/shipped.hpp"

namespace runner {

/// The files below root/folder, relative to `root` and in order; none when there is no such folder.
std::vector<std::filesystem::path> files_below(const std::filesystem::path& root, const std::filesystem::path& folder);

/// A copy of the course in a folder of its own below .learn/, with the steps as they were shipped. It is gone at the
/// end, or else kept for the next time: then only what has changed is written, so that a build finds the rest
/// unchanged.
class Scratch {
 public:
  /// Also removes what verifications left that were killed.
  Scratch(const Course& course, bool keep);
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  const std::filesystem::path& root() const { return root_; }
  std::filesystem::path build(const std::string& compiler) const;
  /// The scratch course, with the list of stages of the real one.
  Course course(const Course& real) const { return {root_, real.build()}; }

  /// Writes a file, its path relative to the root.
  void put(const std::filesystem::path& file, std::string_view text);
  /// Writes all files of a folder outside the scratch copy.
  void put_folder(const std::filesystem::path& folder, const std::filesystem::path& from);
  void put_step(const Stage& stage, const std::vector<ShippedFile>& files);
  /// When all is written: removes what an earlier use of the folder left.
  void remove_others() const;

  /// The stage as a learner has it who has mended it. Not kept.
  void mend_step(const Stage& stage) const;

 private:
  std::filesystem::path root_;
  bool keep_;
  std::set<std::filesystem::path> files_;  // that were put, relative to the root
};

}  // namespace runner
