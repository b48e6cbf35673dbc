// Expectations that say what was expected and what came, in words for a learner. The first that is not met leaves the
// test case by an exception, so a thread of the test's own must not use them. What is looked at need only live as long
// as the statement.
//
//   expect("the page comes back", client.receive_all()).is("HTTP/1.1 200 OK\r\n\r\nhello");
//   expect("the status line", client.receive_all()).starts_with("HTTP/1.1 404 ");
//   expect("the status", response.status).is(Status::not_found);
//   expect("open descriptors", [&] { return count_descriptors(server.pid()); }).becomes(before);
#pragma once

#include "expect/waiting.hpp"
#include "report/place.hpp"

#include <doctest/doctest.h>

#include <concepts>
#include <string>
#include <string_view>

namespace support {

// What a client received: all bytes, and whether a reset ended the connection (else it was closed).
struct Received {
  std::string bytes;
  bool reset = false;
};

[[noreturn]] void fail_expectation(Place place, std::string_view what, std::string_view expected,
                                   std::string_view actual);

// `patience`: the one that is over; null for a fact that needed none.
[[noreturn]] void fail_expectation(Place place, std::string_view what, const char* relation,
                                   const doctest::String& expected, const doctest::String& actual,
                                   const Patience* patience);

class TextExpectation {
 public:
  TextExpectation(Place place, std::string_view what, std::string_view actual, bool reset)
      : place_{place}, what_{what}, actual_{actual}, reset_{reset} {}

  // Each also asks that the connection was closed in order, not reset.
  void is(std::string_view expected) const;
  void starts_with(std::string_view expected) const;
  void ends_with(std::string_view expected) const;
  void contains(std::string_view expected) const;
  void does_not_contain(std::string_view unwanted) const;

 private:
  void was_closed_in_order(const std::string& expected) const;
  std::string_view end() const;

  Place place_;
  std::string_view what_;
  std::string_view actual_;
  bool reset_;
};

// Numbers are compared as numbers, whatever their types: 3 is 3U. (std::cmp_equal would do, but <utility> brings names
// that a test's own helpers have, too.)
template <class T>
concept Number = std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char>;

template <Number T>
bool is_negative(T number) {
  if constexpr (std::signed_integral<T>) return number < 0;
  return false;
}

template <class T, class U>
bool is_same(const T& one, const U& other) {
  if constexpr (Number<T> && Number<U>) {
    return is_negative(one) == is_negative(other) &&
           static_cast<unsigned long long>(one) == static_cast<unsigned long long>(other);
  } else {
    return one == other;
  }
}

template <class T, class U>
bool is_less(const T& one, const U& other) {
  if constexpr (Number<T> && Number<U>) {
    if (is_negative(one) != is_negative(other)) return is_negative(one);
    return static_cast<unsigned long long>(one) < static_cast<unsigned long long>(other);
  } else {
    return one < other;
  }
}

template <class T>
class Expectation {
 public:
  Expectation(Place place, std::string_view what, const T& actual) : place_{place}, what_{what}, actual_{actual} {}

  template <class U>
  void is(const U& expected) const {
    if (!is_same(actual_, expected)) fail_with("", doctest::toString(expected));
  }
  template <class U>
  void is_not(const U& unwanted) const {
    if (is_same(actual_, unwanted)) fail_with("not ", doctest::toString(unwanted));
  }
  template <class U>
  void is_at_most(const U& most) const {
    if (is_less(most, actual_)) fail_with("at most ", doctest::toString(most));
  }
  template <class U>
  void is_at_least(const U& least) const {
    if (is_less(actual_, least)) fail_with("at least ", doctest::toString(least));
  }

 private:
  [[noreturn]] void fail_with(const char* relation, const doctest::String& expected) const {
    fail_expectation(place_, what_, relation, expected, doctest::toString(actual_), nullptr);
  }

  Place place_;
  std::string_view what_;
  const T& actual_;
};

// For facts that change while somebody else works: asks again until the answer is as expected, or a guard ends it.
template <class F>
class EventualExpectation {
 public:
  EventualExpectation(Place place, std::string_view what, const F& ask, pid_t watched)
      : place_{place}, what_{what}, ask_{ask}, patience_{watched} {}

  template <class U>
  void becomes(const U& expected) {
    for (;;) {
      const auto actual = ask_();
      if (is_same(actual, expected)) return;
      if (!patience_.a_moment()) {
        fail_expectation(place_, what_, "", doctest::toString(expected), doctest::toString(actual), &patience_);
      }
    }
  }

 private:
  Place place_;
  std::string_view what_;
  const F& ask_;
  Patience patience_;
};

pid_t latest_server();  // that still runs; 0 when there is none

inline TextExpectation expect(std::string_view what, std::string_view actual, Place place = Place::here()) {
  return {place, what, actual, false};
}
inline TextExpectation expect(std::string_view what, const std::string& actual, Place place = Place::here()) {
  return {place, what, actual, false};
}
inline TextExpectation expect(std::string_view what, const char* actual, Place place = Place::here()) {
  return {place, what, actual, false};
}
inline TextExpectation expect(std::string_view what, const Received& actual, Place place = Place::here()) {
  return {place, what, actual.bytes, actual.reset};
}
template <std::invocable F>
EventualExpectation<F> expect(std::string_view what, const F& ask, Place place = Place::here()) {
  return {place, what, ask, latest_server()};
}
template <class T>
Expectation<T> expect(std::string_view what, const T& actual, Place place = Place::here()) {
  return {place, what, actual};
}

}  // namespace support
