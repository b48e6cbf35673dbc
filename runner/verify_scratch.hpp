#pragma once

#include <string>
#include <vector>

#include "course.hpp"
#include "shipped.hpp"

namespace runner {

/// A copy of the course in a folder of its own below .learn/, with the steps as they were shipped; gone at the end.
class Scratch {
 public:
  /// Also removes what verifications left that were killed.
  explicit Scratch(const Course& course);
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  const std::filesystem::path& root() const { return root_; }
  std::filesystem::path build(const std::string& compiler) const;
  /// The scratch course, with the list of stages of the real one.
  Course course(const Course& real) const { return {root_, real.build()}; }

  void write_step(const Stage& stage, const std::vector<ShippedFile>& files) const;
  /// As a learner has it who has mended the stage.
  void mend_step(const Stage& stage) const;

 private:
  std::filesystem::path root_;
};

}  // namespace runner
