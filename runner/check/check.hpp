#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "check/build_folder.hpp"
#include "course/course.hpp"
#include "course/lesson.hpp"

namespace runner {

enum class Outcome { passes, build_fails, test_fails, crashes, sanitizer, hangs, floods, cannot_build, cancelled };

/// What a check found: the first thing to mend, in the learner's lines.
struct Verdict {
  Outcome outcome = Outcome::cancelled;
  std::string headline{};              // "does not compile: the first of 3 errors"
  std::vector<std::string> detail{};   // what a lesson shows as its transcript; safe to print
  std::string meaning{};               // from the lesson's table, markdown; may be empty
  std::vector<std::string> passed{};   // "6 tests under ASan and UBSan (g++ 12.2.0)"
  std::vector<std::string> notes{};    // processes left behind, a guarantee that is lost
  std::string command{};               // the command whose output this is
  std::string full_text{};             // all of that output, safe to print
  std::string first_test{};            // the name of the first test that failed; empty: none did
  std::string sanitizer_kind{};        // "heap-use-after-free"; empty: no report
  std::chrono::microseconds build{0};  // compiler and linker
  std::chrono::microseconds tests{0};  // the test programs
  std::chrono::microseconds total{0};

  bool passes() const { return outcome == Outcome::passes; }
};

/// The time that a stage's tests may take before they count as hanging. It only guards: they need about a second. On a
/// machine where several programs share each processor it grows with their number, up to six times. `running`: how many
/// want to run, on average.
std::chrono::milliseconds time_limit(double running, unsigned processors);
std::chrono::milliseconds time_limit();  // on this machine, now

struct CheckRequest {
  std::string kind = "step";       // "step", "solution", or a mistake's: the middle of the targets' names
  std::vector<std::string> files;  // whose errors come first, relative to the root
  std::vector<std::string> sanitizers;
  std::optional<std::chrono::milliseconds> limit;  // else time_limit()
  int jobs = 0;                                    // 0: as many as ninja likes
  bool built = false;                              // the programs for the first sanitizer are there
  bool first_failure = false;                      // the tests end at the first one that fails

  // Told "building … 3 of 8", "testing …", by the thread that checks.
  std::function<void(const std::string&)> on_activity{};
  // Told what to mend once the first test has failed, while others still run; the headline does not count them yet.
  // By the thread that checks.
  std::function<void(const Verdict&)> on_first_failure{};
};

/// The request for a learner's version of a stage.
CheckRequest step_request(const Stage& stage);

/// Builds and tests one stage. Blocks; a stop request ends it soon (Outcome::cancelled).
Verdict check(const BuildFolder& build, const Stage& stage, const CheckRequest& request, const Lesson* lesson,
              std::stop_token stop = {});

/// Builds a stage's server; its path, or a verdict that says why there is none.
std::optional<Verdict> build_server(const BuildFolder& build, const Stage& stage, const CheckRequest& request,
                                    const Lesson* lesson, std::filesystem::path& server, std::stop_token stop = {});

/// The lesson of a stage, or nothing when it cannot be read (the reason in `problem`).
std::optional<Lesson> lesson_of(const Course& course, const Stage& stage, std::string* problem = nullptr);

}  // namespace runner
