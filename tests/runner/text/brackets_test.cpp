#include "text/brackets.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace runner;

namespace {

// What the pair of brackets holds that has `sign` as one of its ends; the last such sign counts.
std::string within(std::string_view text, char sign) {
  const auto at = text.rfind(sign);
  const auto pair = matching_bracket(text, at);
  if (pair == text.npos) return "no pair";
  CHECK(matching_bracket(text, pair) == at);
  return std::string(text.substr(std::min(at, pair) + 1, std::max(at, pair) - std::min(at, pair) - 1));
}

}  // namespace

TEST_CASE("a bracket is found from either end of its pair, whatever the pair holds") {
  CHECK(within("f(int)", '(') == "int");
  CHECK(within("f(int)", ')') == "int");
  CHECK(within("std::vector<std::pair<int, char>>", '>') == "std::pair<int, char>");
  CHECK(within("std::vector<std::pair<int, char>>", '<') == "int, char");
  CHECK(within("f(std::function<void (int)>, char)", ')') == "std::function<void (int)>, char");
  CHECK(within("main::{lambda(auto)#1}::operator()(int) const", '}') == "lambda(auto)#1");
  CHECK(within("f[abi:cxx11](std::array<int, 2>)", ']') == "abi:cxx11");
  CHECK(within("std::__invoke_impl<void, serve(int)::<lambda()> >", '>') == "void, serve(int)::<lambda()> ");
  CHECK(matching_bracket("()", 1) == 0);
}

TEST_CASE("signs that compare, point or name an operator are no brackets") {
  CHECK(within("std::operator<< <char>(std::ostream&, char)", '>') == "char");
  CHECK(within("bool operator< <int>(A<int> const&, A<int> const&)", ')') == "A<int> const&, A<int> const&");
  CHECK(within("std::unique_ptr<int>::operator->() const", ')') == "");
  CHECK(within("Job::operator()(int) const", ')') == "int");
  CHECK(within("Job::operator()", ')') == "no pair");
  CHECK(within("A::operator[](unsigned long)", ']') == "no pair");
  CHECK(within("operator<=>(A, A)", '>') == "no pair");
  CHECK(within("std::map<Key, decltype(f->g)>", '>') == "Key, decltype(f->g)");
  CHECK(within("enable_if<(sizeof(T) > 4), int>", '>') == "(sizeof(T) > 4), int");
  CHECK(within("f(a < b)", ')') == "a < b");
  CHECK(within("cooperator<int>", '>') == "int");
  CHECK(within("a.operator", 'o') == "no pair");
}

TEST_CASE("what is cut off or unbalanced has no pair") {
  for (const std::string_view text : {"f(", "f)", "f(int))", "std::vector<std::pair<int, char>", "a > b", "f(int, {"}) {
    CAPTURE(text);
    const auto last = text.find_last_of("()<>{}");
    const bool inner = text.ends_with("char>");
    CHECK(matching_bracket(text, inner ? text.find('<') : last) == text.npos);
  }
  CHECK(within("f(a]b)", ')') == "a]b");
  CHECK(matching_bracket("", 0) == std::string_view::npos);
  CHECK(matching_bracket("f()", 0) == std::string_view::npos);
  CHECK(matching_bracket("f()", 9) == std::string_view::npos);
  CHECK(matching_bracket("f()", std::string_view::npos) == std::string_view::npos);
}
