#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "text/line.hpp"

namespace runner {

enum class TestEnd { passed, failed, skipped };

struct TestResult {
  std::string name{};
  TestEnd end = TestEnd::passed;
  bool hangs = false;                        // it failed because all of its threads wait
  Lines lines{};                             // what a failure says; the server's stderr in short
  std::vector<std::string> server_stderr{};  // all that the server wrote there
};

struct TestReport {
  std::optional<int> planned{};  // nothing: the program ended before it said so
  int passed = 0;
  int failed = 0;
  int skipped = 0;
  std::vector<TestResult> results{};  // in the order run
  std::string running{};              // the test that was under way when the output ended; empty: none
  bool asked_for_server = false;      // a test started one, or tried to
  bool has_story = false;             // the first test that failed did so under a schedule
  std::vector<std::string> other{};   // lines that are not TAP: the program's own output, a sanitizer's report

  const TestResult* first_failure() const;  // null: none failed
  bool all_passed() const;                  // every planned test ran, at least one, and none failed
};

/// Reads TAP as tests/support prints it, whole or broken off at any byte; `output` is safe to print.
TestReport read_test_report(std::string_view output);

}  // namespace runner
