#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "check/build_folder.hpp"
#include "check/verdict.hpp"
#include "course/course.hpp"

namespace runner {

struct CheckRequest {
  std::string kind = "step";       // "step", "solution", or a mistake's: the middle of the targets' names
  std::vector<std::string> files;  // whose errors come first, relative to the root
  Words words{};                   // that explain what fails
  std::vector<std::string> sanitizers;
  std::optional<std::chrono::milliseconds> limit;  // else time_limit()
  int jobs = 0;                                    // 0: as many as ninja likes
  bool built = false;                              // the programs for the first sanitizer are there
  bool at_once = false;                            // one sanitizer's programs are built while another's are tested
  bool first_failure = false;                      // the tests end at the first one that fails
  int switches = 0;                                // that a schedule may have; 0: as tests/support says
  bool tells_story = false;                        // they print what each thread did in a schedule that fails

  // Told "building … 3 of 8", "testing …", by the thread that checks.
  std::function<void(const std::string&)> on_activity = [](const std::string&) {};
  // Told what to mend once the first test has failed, while others still run; the headline does not count them yet.
  // By the thread that checks.
  std::function<void(const Verdict&)> on_first_failure{};
};

/// The request for a learner's version of a stage.
CheckRequest step_request(const Course& course, const Stage& stage);

/// Builds and tests one stage. Blocks; a stop request ends it soon (Outcome::cancelled).
Verdict check(const BuildFolder& build, const Stage& stage, const CheckRequest& request, std::stop_token stop = {});

/// Builds a stage's programs, {"server"} or {"server", "test"}, for the first sanitizer; the path of the last of them,
/// or a verdict that says why there is none.
std::optional<Verdict> build_programs(const BuildFolder& build, const Stage& stage, const CheckRequest& request,
                                      const std::vector<std::string>& programs, std::filesystem::path& last,
                                      std::stop_token stop = {});

}  // namespace runner
