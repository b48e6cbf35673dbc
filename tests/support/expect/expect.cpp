#include "expect/expect.hpp"

#include "report/bytes.hpp"
#include "report/report.hpp"

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

std::string_view TextExpectation::end() const {
  return reset_ ? ", then reset" : "";
}

void TextExpectation::was_closed_in_order(const std::string& expected) const {
  if (reset_) fail_expectation(place_, what_, expected, shown(actual_, text_columns, ", then reset by the server"));
}

void TextExpectation::is(std::string_view expected) const {
  if (actual_ == expected) return was_closed_in_order(shown(expected, text_columns, ", then closed"));
  const Difference both = difference(expected, actual_, end());
  fail_expectation(place_, what_, both.expected, both.actual + (both.mark.empty() ? "" : "\n          " + both.mark));
}

void TextExpectation::starts_with(std::string_view expected) const {
  constexpr std::string_view where = " at the start";
  if (actual_.starts_with(expected)) {
    return was_closed_in_order(shown(expected, text_columns, std::string{where} + ", then closed"));
  }
  std::string actual = shown(actual_, text_columns, end());
  std::size_t same = 0;
  while (same < actual_.size() && actual_[same] == expected[same]) ++same;
  if (const std::size_t column = escaped(expected.substr(0, same)).size(); !actual_.empty() && column < 40) {
    actual += "\n" + std::string(11 + column, ' ') + "^ differs from here, byte " + std::to_string(same + 1);
  }
  fail_expectation(place_, what_, shown(expected, text_columns, where), actual);
}

void TextExpectation::ends_with(std::string_view expected) const {
  constexpr std::string_view where = " at the end";
  if (actual_.ends_with(expected)) {
    return was_closed_in_order(shown_end(expected, text_columns, std::string{where} + ", then closed"));
  }
  fail_expectation(place_, what_, shown_end(expected, text_columns, where), shown_end(actual_, text_columns, end()));
}

void TextExpectation::contains(std::string_view expected) const {
  constexpr std::string_view where = " somewhere in it";
  if (actual_.find(expected) != actual_.npos) {
    return was_closed_in_order(shown(expected, text_columns, std::string{where} + ", then closed"));
  }
  fail_expectation(place_, what_, shown(expected, text_columns, where), shown(actual_, text_columns, end()));
}

void TextExpectation::does_not_contain(std::string_view unwanted) const {
  const std::size_t at = actual_.find(unwanted);
  if (at == actual_.npos) return was_closed_in_order("no " + shown(unwanted, text_columns - 3, ", then closed"));
  constexpr std::size_t before = 12;  // bytes shown before it
  const std::size_t from = at - std::min(at, before);
  fail_expectation(place_, what_, "no " + shown(unwanted, text_columns - 3),
                   "at byte " + std::to_string(at + 1) + ": …" + escaped(actual_.substr(from, before + 20)) + "…");
}

}  // namespace support
