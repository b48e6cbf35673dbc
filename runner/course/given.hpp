#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "course/course.hpp"

namespace runner {

/// A wrong solution that learners are given to be broken: a patch in tests/mistakes whose head has a line "play: …".
struct GivenPool {
  const Stage* stage;
  std::string name;             // "if_for_the_predicate"
  std::filesystem::path patch;  // of the stage's solution
  std::string task;             // "A worker that wakes up does not look again. …"

  std::string full_name() const { return stage->number() + ":" + name; }
};

/// All of them, in the order of their names.
std::vector<GivenPool> given_pools(const Course& course);

/// By "20:if_for_the_predicate", or "20:" and a part of the name that only one has; UsageError otherwise.
GivenPool find_given(const Course& course, std::string_view name);

/// The folder that a given pool's steps/NN_name/thread_pool.hpp is put into, where Meson's kind "given" finds it.
std::filesystem::path given_root(const Course& course);

/// Puts it there; UsageError when git does not apply the patch.
void put_given(const Course& course, const GivenPool& pool);

}  // namespace runner
