// A failed assertion in words for a learner.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

namespace support {

struct Failure {
  std::string place;                 // tests/03_rebind.cpp:24
  std::string message;               // what should have been
  std::vector<std::string> given;    // from INFO and SUBCASE
  std::vector<std::string> details;  // expected: …, actual: …
};

// A line of our own words: control characters escaped, the rest (UTF-8 too) as it is.
std::string printable(std::string_view text);
std::vector<std::string> printable_lines(std::string_view text);

Failure failure_of(const doctest::TestCaseData& test, const std::string& message);
Failure failure_of(const doctest::AssertData& data);   // CHECK and its kin
Failure failure_of(const doctest::MessageData& data);  // FAIL, support::fail
Failure failure_of(const doctest::TestCaseData& test, const doctest::TestCaseException& exception);

// Its place and message, in one line of at most 90 columns.
std::string headline(const Failure& failure);

// The failure, how the servers of this test case ended, the history of its connections and the end of the servers'
// stderr: at most 14 lines of at most 98 columns.
std::vector<std::string> told(const Failure& failure);

}  // namespace support
