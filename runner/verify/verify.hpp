#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "course/course.hpp"

namespace runner {

struct VerifyOptions {
  std::vector<std::string> stages{};     // numbers or parts of names; empty: all
  std::vector<std::string> compilers{};  // empty: g++ and clang++, as far as they are there and new enough
  int jobs = 0;                          // 0: one for each core
  int repeat = 1;                        // how often each solution's tests are run under each sanitizer
  int repeat_mistakes = 1;               // how often each wrong solution that builds is run
  bool every_compiler = false;           // for mistakes that a test rejects, too: else the last compiler alone does
  bool update = false;                   // write what the steps of the working tree show into their lessons
  bool pages = false;                    // the pages around the stages alone, and the tables that all stages share
  bool keep = false;                     // keep what is built, for the next time
};

/// Checks what must be true of every stage (CONTRIBUTING.md), and of the pages around them, in a copy of the course:
/// the steps as they were shipped, so that a learner's edits make no difference. Prints a line for each stage and, when
/// all stages are asked for, one for the pages; below it the reasons why it fails, and last "N passed, N failed".
/// Returns 0 when nothing failed, else 1. Throws UsageError for what the caller can set right.
int verify(const Course& course, const VerifyOptions& options, std::stop_token stop = {});

}  // namespace runner
