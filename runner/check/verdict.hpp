#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "course/words.hpp"
#include "system/process.hpp"
#include "text/line.hpp"

namespace runner {

enum class Outcome { passes, build_fails, test_fails, crashes, sanitizer, hangs, floods, cannot_build, cancelled };

/// What a check found: the first thing to mend, in the learner's lines.
struct Verdict {
  Outcome outcome = Outcome::cancelled;
  std::string headline{};              // "does not compile: the first of 3 errors"
  Lines detail{};                      // what a lesson shows as its transcript, and the compiler's warning
  std::string meaning{};               // the arrow's words, markdown; may be empty
  std::string arrow{};                 // the name of their row; empty: none fits
  std::vector<std::string> passed{};   // "6 tests under ASan and UBSan (g++ 12.2.0)"
  std::vector<std::string> notes{};    // processes left behind, a guarantee that is lost
  std::string command{};               // the command whose output this is
  std::string full_text{};             // all of that output, safe to print
  std::string first_test{};            // the name of the first test that failed; empty: none did
  std::string sanitizer_kind{};        // "heap-use-after-free"; empty: no report
  bool asked_for_server = false;       // a test started the stage's server, or tried to
  bool has_story = false;              // a schedule failed, and can be told
  std::chrono::microseconds build{0};  // compiler and linker
  std::chrono::microseconds tests{0};  // the test programs
  std::chrono::microseconds total{0};

  bool passes() const { return outcome == Outcome::passes; }
};

/// What a test program is judged with.
struct TestRun {
  const Finished& finished;
  std::chrono::milliseconds limit;    // that the tests had
  std::size_t output_limit;           // bytes that they could print
  const std::filesystem::path& root;  // of the course
  const Words& words;
};

/// How a test program ended, and what it printed (`verdict.full_text`), as the first thing to mend: the sanitizer's
/// report, the first test that fails, a hang, a flood, a crash. Returns how many tests passed, or nothing when
/// `verdict` says what failed.
std::optional<int> judge_tests(const TestRun& run, Verdict& verdict);

/// As judge_tests, while the program still runs: true once a test has failed and the next one has begun. The headline
/// counts no tests.
bool judge_first_failure(const std::filesystem::path& root, const Words& words, Verdict& verdict);

/// The first row that fits the verdict's lines gives its arrow.
void explain(const Words& words, Verdict& verdict);

/// "SIGPIPE: it wrote to a connection or pipe whose other end had gone"; `output`: what the program printed last, safe
/// to print.
std::string signal_in_words(int signal, std::string_view output, const Words& words);

/// ThreadSanitizer says that it cannot start: the kernel spreads memory more than the compiler's runtime copes with.
bool cannot_start(std::string_view output);

}  // namespace runner
