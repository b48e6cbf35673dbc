#include "expect.hpp"

#include "bytes.hpp"
#include "report.hpp"

#include <algorithm>

namespace support {

void fail_expectation(Place place, std::string_view what, std::string_view expected, std::string_view actual) {
  fail(place, std::string{what} + "\nexpected: " + std::string{expected} + "\nactual:   " + std::string{actual});
}

void fail_expectation(Place place, std::string_view what, const char* relation, const doctest::String& expected,
                      const doctest::String& actual, const Patience* patience) {
  fail_expectation(place, what, std::string{relation} + expected.c_str(),
                   actual.c_str() + (patience != nullptr ? ", " + patience->gave_up() : ""));
}

void TextExpectation::was_closed_in_order(std::string_view expected) const {
  if (reset_) fail_expectation(place_, what_, expected, shown(actual_, 44) + ", then reset by the server");
}

void TextExpectation::is(std::string_view expected) const {
  if (actual_ == expected) return was_closed_in_order(shown(expected, 44) + ", then closed");
  Difference both = difference(expected, actual_);
  std::string actual = both.actual + (reset_ ? ", then reset" : "");
  if (!both.mark.empty()) actual += "\n          " + both.mark;
  fail_expectation(place_, what_, both.expected, actual);
}

void TextExpectation::starts_with(std::string_view expected) const {
  if (actual_.starts_with(expected)) return was_closed_in_order(shown(expected, 44) + " at the start, then closed");
  std::string actual = shown(actual_, 60) + (reset_ ? ", then reset" : "");
  std::size_t same = 0;
  while (same < actual_.size() && actual_[same] == expected[same]) ++same;
  if (const std::size_t column = escaped(expected.substr(0, same)).size(); !actual_.empty() && column < 60) {
    actual += "\n" + std::string(11 + column, ' ') + "^ differs from here, byte " + std::to_string(same + 1);
  }
  fail_expectation(place_, what_, shown(expected, 60) + " at the start", actual);
}

void TextExpectation::ends_with(std::string_view expected) const {
  if (actual_.ends_with(expected)) return was_closed_in_order(shown(expected, 44) + " at the end, then closed");
  fail_expectation(place_, what_, shown(expected, 60) + " at the end",
                   shown_end(actual_, 60) + (reset_ ? ", then reset" : ""));
}

void TextExpectation::contains(std::string_view expected) const {
  if (actual_.find(expected) != actual_.npos) {
    return was_closed_in_order(shown(expected, 44) + " somewhere in it, then closed");
  }
  fail_expectation(place_, what_, shown(expected, 54) + " somewhere in it",
                   shown(actual_, 60) + (reset_ ? ", then reset" : ""));
}

void TextExpectation::does_not_contain(std::string_view unwanted) const {
  const std::size_t at = actual_.find(unwanted);
  if (at == actual_.npos) return was_closed_in_order("no " + shown(unwanted, 44) + ", then closed");
  const std::size_t from = at - std::min<std::size_t>(at, 20);
  fail_expectation(place_, what_, "no " + shown(unwanted, 60),
                   "it is there, from byte " + std::to_string(at + 1) + ": " + (from > 0 ? "…" : "") +
                       shown(actual_.substr(from), 40));
}

}  // namespace support
