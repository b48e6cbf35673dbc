#include "text/line.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

#include "text/text.hpp"

namespace runner {
namespace {

constexpr std::array names{
    std::pair{std::string_view("test"), Field::test},
    std::pair{std::string_view("compared"), Field::compared},
    std::pair{std::string_view("given"), Field::given},
    std::pair{std::string_view("expected"), Field::expected},
    std::pair{std::string_view("actual"), Field::actual},
    std::pair{std::string_view("server"), Field::server},
    std::pair{std::string_view("compiler"), Field::compiler},
    std::pair{std::string_view("line"), Field::source},
    std::pair{std::string_view("note"), Field::note},
    std::pair{std::string_view("warning"), Field::warning},
    std::pair{std::string_view("sanitizer"), Field::sanitizer},
    std::pair{std::string_view("at"), Field::at},
    std::pair{std::string_view("hang"), Field::hang},
    std::pair{std::string_view("rule"), Field::rule},
    std::pair{std::string_view("ended"), Field::ended},
    std::pair{std::string_view("output"), Field::output},
};

// The field that a line's words are matched as.
Field matched_as(Field field) {
  if (field == Field::difference) return Field::actual;
  return field == Field::required ? Field::compiler : field;
}

}  // namespace

std::optional<Field> field_named(std::string_view word) {
  for (const auto& [name, field] : names) {
    if (name == word) return field;
  }
  return std::nullopt;
}

std::string_view to_string(Field field) {
  for (const auto& [name, each] : names) {
    if (each == field) return name;
  }
  return "remark";
}

bool says(const Lines& lines, Field field, std::string_view pattern) {
  return std::any_of(lines.begin(), lines.end(), [&](const Line& line) {
    return matched_as(line.field) == field && occurs_in(pattern, line.whole.empty() ? line.text : line.whole);
  });
}

std::string_view label(Field field) {
  switch (field) {
    case Field::test:
      return "test: ";
    case Field::given:
      return "given:    ";
    case Field::expected:
      return "expected: ";
    case Field::actual:
      return "actual:   ";
    default:
      return "";
  }
}

std::string to_string(const Line& line) {
  const auto place = line.place.file.empty() ? "" : to_string(line.place, true) + ": ";
  return fmt::format("{:{}}{}{}{}", "", line.indent, place, label(line.field), line.text);
}

std::vector<std::string> to_strings(const Lines& lines) {
  std::vector<std::string> shown;
  for (const auto& line : lines) {
    if (line.field != Field::rule) shown.push_back(to_string(line));
  }
  return shown;
}

}  // namespace runner
