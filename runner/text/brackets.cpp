#include "text/brackets.hpp"

#include <algorithm>
#include <vector>

#include "text/text.hpp"

namespace runner {
namespace {

constexpr std::string_view opening = "([{<";
constexpr std::string_view closing = ")]}>";

// The bytes at `at` that belong to `->` or to an operator's name, and hold no bracket; 0: none do.
std::size_t sign_length(std::string_view text, std::size_t at) {
  constexpr std::string_view word = "operator";
  constexpr std::string_view signs[] = {"<=>", "<<=", ">>=", "->*", "<<", ">>", "->", "<=", ">=", "<", ">", "()", "[]"};
  const auto rest = text.substr(at);
  if (rest.starts_with("->")) return 2;
  if (!rest.starts_with(word) || (at > 0 && is_name_letter(text[at - 1]))) return 0;
  const auto* sign = std::ranges::find_if(signs, [&](auto each) { return rest.substr(word.size()).starts_with(each); });
  return word.size() + (sign == std::end(signs) ? 0 : sign->size());
}

}  // namespace

std::size_t matching_bracket(std::string_view text, std::size_t at) {
  if (at >= text.size() || !contains("([{<)]}>", text[at])) return text.npos;
  std::vector<std::size_t> open;  // those that wait for their pair
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (const auto length = sign_length(text, i); length > 0) {
      i += length - 1;
      continue;
    }
    if (contains(opening, text[i])) open.push_back(i);
    const auto kind = closing.find(text[i]);
    if (kind == text.npos) continue;
    // Within other brackets, a `<` that nothing closes compares.
    while (text[i] != '>' && !open.empty() && text[open.back()] == '<') open.pop_back();
    if (open.empty() || text[open.back()] != opening[kind]) continue;
    if (open.back() == at) return i;
    if (i == at) return open.back();
    open.pop_back();
  }
  return text.npos;
}

}  // namespace runner
