#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "course/course.hpp"
#include "course/lesson.hpp"

namespace runner {

/// Where the commands of lessons are run.
struct CommandPlace {
  std::filesystem::path root;     // the scratch course
  std::filesystem::path program;  // the learner's program, which `./learn` stands for
  std::filesystem::path build;    // its build folder
  std::filesystem::path server;   // the solution's server, which `curl` speaks to
};

/// The commands of a page's `sh` fences, with the numbers of their lines.
std::vector<std::pair<int, std::string>> commands_of(const Document& page);

/// Runs a page's commands; those that do not do what they should, each as "docs/…:12: what". `./learn …` and `diff` may
/// end with 0 or 1; `./learn serve …` must print an address, and is then ended; `curl …` must succeed, with the
/// server's port in place of 8080. `notes` says what was left out.
std::vector<std::string> command_problems(const std::string& page, const Document& read, const CommandPlace& place,
                                          std::vector<std::string>& notes, const std::stop_token& stop);

}  // namespace runner
