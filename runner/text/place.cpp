#include "text/place.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "text/text.hpp"

namespace runner {
namespace {

constexpr std::string_view roots[] = {"steps/", "solutions/", "tests/", "mistakes/"};

bool is_in_repository(std::string_view path) {
  return std::ranges::any_of(roots, [&](std::string_view root) { return path.starts_with(root); });
}

bool is_path_letter(char letter) {
  return is_alphanumeric(letter) || static_cast<unsigned char>(letter) >= 0x80 || contains("/._-+~@", letter);
}

}  // namespace

std::string to_string(const Place& place, bool with_column) {
  if (place.line == 0) return place.file;
  if (with_column && place.column > 0) return fmt::format("{}:{}:{}", place.file, place.line, place.column);
  return fmt::format("{}:{}", place.file, place.line);
}

std::string short_place(const Place& place) {
  return fmt::format("{}:{}", place.file.substr(place.file.rfind('/') + 1), place.line);
}

std::optional<Place> read_place(std::string_view text) {
  int numbers[2] = {0, 0};
  int count = 0;
  while (count < 2) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0) break;
    const auto number = to_number(text.substr(colon + 1));
    if (!number) break;
    numbers[count++] = *number;
    text = text.substr(0, colon);
  }
  if (count == 0) return std::nullopt;
  return Place{repository_path(text), numbers[count - 1], count == 2 ? numbers[0] : 0};
}

Place take_place(std::string_view& text) {
  const auto end = text.find(": ");
  if (end == std::string_view::npos) return {};
  auto place = read_place(text.substr(0, end));
  if (!place || contains(place->file, ' ')) return {};
  text.remove_prefix(end + 2);
  return *place;
}

std::string repository_path(std::string_view path) {
  if (path.starts_with("/usr/include/") || path.starts_with("/usr/lib/") || path.starts_with("/usr/bin/")) {
    return std::string(path);
  }
  auto inner = path;
  while (inner.starts_with("./") || inner.starts_with("../")) inner = after(inner, "/");
  if (is_in_repository(inner)) return std::string(inner);
  // The last folder of such a name counts, as the repository itself may lie in another tests/.
  inner = path;
  for (auto rest = path; !rest.empty(); rest = after(rest, "/")) {
    if (is_in_repository(rest)) inner = rest;
  }
  return std::string(inner);
}

std::string with_repository_paths(std::string_view text) {
  std::string result;
  std::size_t at = 0;
  while (at < text.size()) {
    if (!is_path_letter(text[at])) {
      result += text[at++];
      continue;
    }
    const auto begin = at;
    while (at < text.size() && is_path_letter(text[at])) ++at;
    result += repository_path(text.substr(begin, at - begin));
  }
  return result;
}

bool is_learners(std::string_view path) {
  if (path.starts_with("tests/")) return !path.starts_with("tests/support/") && !path.starts_with("tests/runner/");
  return path.starts_with("steps/") || path.starts_with("solutions/") || path.starts_with("mistakes/");
}

bool is_shown_in_stacks(std::string_view path) {
  return is_learners(path) && !(path.starts_with("tests/") && path.ends_with(".hpp"));
}

std::vector<std::string> source_with_caret(std::string_view file_text, const Place& place) {
  const auto lines = split_lines(file_text);
  if (place.line < 1 || static_cast<std::size_t>(place.line) > lines.size()) return {};
  const auto line = lines[static_cast<std::size_t>(place.line) - 1];
  std::vector<std::string> result = {fmt::format("{:5} | {}", place.line, printable(line))};
  if (place.column < 1) return result;
  const auto before = printable(line.substr(0, static_cast<std::size_t>(place.column) - 1));
  result.push_back(fmt::format("      | {:{}}^", "", width_of(before)));
  return result;
}

}  // namespace runner
