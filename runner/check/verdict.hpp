#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string_view>

#include "check/check.hpp"
#include "system/process.hpp"

namespace runner {

/// How a test program ended, and what it printed (`verdict.full_text`), as the first thing to mend: the sanitizer's
/// report, the first test that fails, a hang, a flood, a crash. Returns how many tests passed, or nothing when
/// `verdict` says what failed. `limit` is the time that the tests had, `output_limit` the bytes that they could print,
/// `root` the folder of the course.
std::optional<int> judge_tests(const Finished& finished, std::chrono::milliseconds limit, std::size_t output_limit,
                               const std::filesystem::path& root, Verdict& verdict);

/// As judge_tests, while the program still runs: true once a test has failed and the next one has begun. The headline
/// counts no tests.
bool judge_first_failure(const std::filesystem::path& root, Verdict& verdict);

/// ThreadSanitizer says that it cannot start: the kernel spreads memory more than the compiler's runtime copes with.
bool cannot_start(std::string_view output);

}  // namespace runner
