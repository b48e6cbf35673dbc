#pragma once

#include <functional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "check/check.hpp"
#include "course/course.hpp"
#include "verify/scratch.hpp"

namespace runner {

/// Configures a build of the scratch course for each compiler, all at the same time; throws what the first that does
/// not work throws. After a stop request there are none.
std::vector<BuildFolder> configured_builds(const Scratch& scratch, const Course& course,
                                           const std::vector<std::string>& compilers,
                                           const std::vector<std::string>& mistakes, const std::stop_token& stop);

/// A test program and its server.
struct Program {
  std::string stage;
  std::string kind;       // "step", "solution", or a mistake's
  std::string sanitizer;  // "plain", "address", "thread"
  bool with_server = true;

  std::string target(std::string_view which) const;  // "server" or "test"
};

struct Built {
  std::vector<std::string> warnings{};  // of solutions, each with its place
  std::set<std::string> unbuilt{};      // targets that could not be built

  bool has(const Program& program) const;
};

/// Builds all programs as far as that is possible. `on_progress`: see NinjaProgress.
Built build_programs(const BuildFolder& build, const std::vector<Program>& programs, int jobs,
                     const std::function<void(int, int)>& on_progress, std::stop_token stop);

/// What the objects of a stage's step and solution were compiled with is what the stage is made of. A header that the
/// stage has from one folder, and an object of a lower stage from another, is a problem: the two do not agree on what
/// it declares.
std::vector<std::string> header_problems(const Course& course, const Stage& stage, const BuildFolder& build,
                                         const std::vector<Program>& programs);

}  // namespace runner
