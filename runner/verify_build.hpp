#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "check.hpp"
#include "course.hpp"

namespace runner {

/// A test program and its server.
struct Program {
  std::string stage;
  std::string kind;       // "step", "solution", or a mistake's
  std::string sanitizer;  // "plain", "address", "thread"

  std::string target(std::string_view which) const;  // "server" or "test"
  bool is_built(const BuildFolder& build) const;
};

struct Built {
  std::string output;                 // ninja's, for finding out what failed
  std::vector<std::string> warnings;  // of solutions, each with its place
};

/// Sets up one build of the scratch course, with these mistakes ("STAGE/NAME"); UsageError with Meson's words.
void set_up_verification(const std::filesystem::path& root, const std::filesystem::path& folder,
                         const std::string& compiler, const std::vector<std::string>& mistakes, std::stop_token stop);

/// Builds all programs as far as that is possible. `on_progress` gets ninja's "12/57".
Built build_programs(const BuildFolder& build, const std::vector<Program>& programs, int jobs,
                     const std::function<void(std::string_view)>& on_progress, std::stop_token stop);

/// What the objects of a stage's programs were compiled with is what the stage is made of. A header that the stage has
/// from one folder, and an object of a lower stage from another, is a problem: the two do not agree on what it
/// declares.
std::vector<std::string> header_problems(const Course& course, const Stage& stage, const BuildFolder& build,
                                         const std::vector<Program>& programs);

}  // namespace runner
