#include "reading/diagnostic_words.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "text/brackets.hpp"
#include "text/text.hpp"

namespace runner {
namespace {

// std::vector<std::unique_ptr<int>> becomes std::vector<…>
std::string without_arguments(std::string_view text) {
  constexpr std::size_t short_enough = 8;  // bytes between the brackets
  std::string result;
  for (std::size_t i = 0; i < text.size();) {
    const bool opens = text[i] == '<' && i > 0 && is_name_letter(text[i - 1]);
    const auto end = opens ? matching_bracket(text, i) : text.npos;
    if (end == text.npos || end - i - 1 <= short_enough) {
      result += text[i++];
    } else {
      result += "<…>";
      i = end + 1;
    }
  }
  return result;
}

std::string list(const std::vector<std::string>& names) {
  constexpr std::size_t shown = 3;
  std::string result;
  for (std::size_t i = 0; i < std::min(names.size(), shown); ++i) {
    if (i > 0) result += i + 1 == names.size() ? " and " : ", ";
    result += names[i];
  }
  if (names.size() > shown) result += fmt::format(" and {} more", names.size() - shown);
  return result;
}

std::string undefined(const Diagnostic& diagnostic) {
  constexpr std::string_view vtable = "vtable for ";
  if (diagnostic.name == "main") return "This program has no main().";
  if (diagnostic.name.starts_with(vtable)) {
    return fmt::format("{} declares virtual functions that are defined nowhere.",
                       std::string_view(diagnostic.name).substr(vtable.size()));
  }
  if (diagnostic.used_by.empty()) return fmt::format("{} is called, and defined nowhere.", diagnostic.name);
  const bool functions = contains(diagnostic.used_by.front(), '(');  // else only places are known
  return fmt::format("{} is called {} {}, and defined nowhere.", diagnostic.name, functions ? "by" : "in",
                     list(diagnostic.used_by));
}

}  // namespace

std::string shortened(std::string_view message, int columns) {
  if (width_of(message) <= columns) return std::string(message);
  std::string result(message);
  const auto with = result.find(" [with ");
  if (with != std::string::npos) {
    const auto end = result.rfind(']');
    result.replace(with, end == std::string::npos || end < with ? std::string::npos : end + 1 - with, "");
  }
  if (width_of(result) > columns) result = without_arguments(result);
  return cut_to_width(result, columns);
}

std::string in_words(const Diagnostic& diagnostic) {
  switch (diagnostic.kind) {
    case Kind::missing_header:
      if (!diagnostic.to_make.empty())
        return fmt::format("There is no {} yet: it is yours to make.", diagnostic.to_make);
      return fmt::format("No file of this stage is called {}.", diagnostic.name);
    case Kind::missing_source:
      return fmt::format("{} is not there.", diagnostic.name);
    case Kind::undefined_reference:
      return undefined(diagnostic);
    case Kind::multiple_definition:
      if (diagnostic.used_by.size() < 2) {
        return fmt::format(
            "{} is defined more than once: a function in a header that several files include must be "
            "inline.",
            diagnostic.name);
      }
      return fmt::format("{} is defined more than once: in {}.", diagnostic.name, list(diagnostic.used_by));
    case Kind::compiler_stopped:
      return "The compiler itself was stopped: this says nothing about your code.";
    case Kind::build_files:
      return "The build files cannot be read: this says nothing about your code.";
    case Kind::compile_error:
    case Kind::warning:
    case Kind::other:
      break;
  }
  return {};
}

}  // namespace runner
