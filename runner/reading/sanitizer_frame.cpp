#include "reading/sanitizer_frame.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "system/files.hpp"
#include "text/brackets.hpp"
#include "text/text.hpp"

namespace runner {
namespace {

// Without the brackets of a kind and what they hold; one that is not closed holds all the rest.
std::string without(std::string_view text, char open) {
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == open)
      at = std::min(matching_bracket(text, at), text.size() - 1);
    else
      result += text[at];
  }
  return result;
}

// Cuts "(server+0x12) (BuildId: 4652)" off.
std::string_view without_module(std::string_view text) {
  for (;;) {
    text = trimmed(text);
    const auto open = text.rfind(" (");
    if (!text.ends_with(')') || open == std::string_view::npos) return text;
    const auto inner = text.substr(open + 2);
    const bool module = inner.starts_with("BuildId:") || contains(inner, "+0x");
    if (!module) return text;
    text = text.substr(0, open);
  }
}

}  // namespace

std::string short_function(std::string_view function) {
  std::string name = replaced(replaced(function, "(anonymous namespace)::", ""), "{anonymous}::", "");
  constexpr std::string_view lambdas[] = {"::$_", "::'lambda", "()::<lambda", "::{lambda"};
  for (const auto mark : lambdas) {
    const auto at = name.find(mark);
    if (at == std::string::npos || name.find("operator()", at) == std::string::npos) continue;
    return "a lambda in " + short_function(std::string_view(name).substr(0, at));
  }
  if (name.starts_with("operator()")) return "a lambda";
  const auto sign = name.rfind("operator");
  if (sign != std::string::npos) {
    const std::string scope = without(std::string_view(name).substr(0, sign), '<');
    return scope.substr(scope.rfind(' ') + 1) + name.substr(sign, name.find('(', sign) - sign);
  }
  name = without(without(name, '<'), '(');
  if (name.ends_with(" const")) name.resize(name.size() - 6);
  return name.substr(name.rfind(' ') + 1);  // a template's name follows its result's type
}

std::string_view home_of_lambda(std::string_view function) {
  const auto end = function.find("::<lambda(");
  if (end == std::string_view::npos) return {};
  auto begin = end;
  while (begin > 0 && std::string_view("<(,").find(function[begin - 1]) == std::string_view::npos) {
    begin = std::min(matching_bracket(function, begin - 1), begin - 1);
  }
  return trimmed(function.substr(begin, end - begin));
}

std::optional<Frame> read_report_frame(std::string_view line) {
  line = trimmed(line);
  const auto number = line.substr(0, line.find(' '));
  if (!number.starts_with('#') || number == line || !to_number(number.substr(1))) return std::nullopt;
  line = trimmed(after(line, " "));
  if (line.starts_with("0x")) line = after(line, " in ");
  line = without_module(line);
  Frame frame;
  const auto location = line.substr(line.rfind(' ') + 1);
  const auto place = read_place(location);
  if (place) frame.place = *place;
  if (place || location == "<null>") line = line.substr(0, line.size() - location.size());
  if (place && is_learners(place->file)) line = line.substr(0, line.find(" /"));  // of a path with blanks
  line = trimmed(line);
  if (line != "<null>") frame.function = short_function(line);
  return frame;
}

std::string function_in_words(const std::string& function) {
  // The name that doctest gives to a TEST_CASE says nothing.
  const auto at = function.find("DOCTEST_ANON_FUNC");
  return at == std::string::npos ? function : function.substr(0, at) + "the test";
}

std::vector<std::string> source_line(const std::filesystem::path& root, const Place& place) {
  if (root.empty() || !is_file(root / place.file)) return {};
  return source_with_caret(read_file(root / place.file), {place.file, place.line, 0});
}

Line frame_line(const Frame& frame, const std::filesystem::path& root) {
  const auto function = function_in_words(frame.function);
  Line line{.field = Field::at, .indent = 2};
  line.text = function.empty() ? to_string(frame.place) : fmt::format("{} ({})", function, to_string(frame.place));
  line.whole = line.text;
  for (const auto& source : source_line(root, frame.place)) line.whole += " " + source;
  return line;
}

}  // namespace runner
