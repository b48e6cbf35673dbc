#include "text/text.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace runner {
namespace {

// Insertions, deletions, replacements and swaps of neighbours (Damerau).
std::size_t edits(std::string_view from, std::string_view to) {
  std::vector<std::size_t> before_last(to.size() + 1);
  std::vector<std::size_t> last(to.size() + 1);
  std::vector<std::size_t> now(to.size() + 1);
  for (std::size_t j = 0; j <= to.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= from.size(); ++i) {
    now[0] = i;
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const std::size_t replace = last[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, replace});
      const bool swapped = i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
      if (swapped) now[j] = std::min(now[j], before_last[j - 2] + 1);
    }
    std::swap(before_last, last);
    std::swap(last, now);
  }
  return last[to.size()];
}

// "04_whole_request" without its number.
std::string_view without_number(std::string_view name) {
  const auto end = name.find_first_not_of("0123456789");
  return end != std::string_view::npos && end > 0 && name[end] == '_' ? name.substr(end + 1) : name;
}

std::string single_blanks(std::string_view text) {
  std::string result;
  for (const char letter : text) {
    const bool blank = letter == ' ' || letter == '\t' || letter == '\r';
    if (!blank) result += letter;
    if (blank && !result.empty() && result.back() != ' ') result += ' ';
  }
  return result;
}

bool occur_in_order(const std::vector<std::string_view>& parts, std::string_view line) {
  for (const auto each : parts) {
    const auto part = trimmed(each);
    const auto at = line.find(part);
    if (at == std::string_view::npos) return false;
    line.remove_prefix(at + part.size());
  }
  return true;
}

}  // namespace

std::optional<std::string> closest(std::string_view name, const std::vector<std::string>& candidates) {
  constexpr std::size_t longest = 100;  // bytes; what is longer was not meant as a name
  if (name.empty() || name.size() > longest) return std::nullopt;
  const std::string wanted = lowered(name);
  for (const auto& candidate : candidates) {
    if (wanted.size() > 1 && contains(lowered(candidate), wanted)) return candidate;
  }
  const std::string* best = nullptr;
  std::size_t fewest =
      wanted.size() < 3 ? 2 : std::max<std::size_t>(3, wanted.size() / 3 + 1);  // one more than allowed
  for (const auto& candidate : candidates) {
    const std::string whole = lowered(candidate);
    const auto count = std::min(edits(wanted, whole), edits(without_number(wanted), without_number(whole)));
    if (count < fewest && count < wanted.size()) {
      fewest = count;
      best = &candidate;
    }
  }
  return best != nullptr ? std::optional(*best) : std::nullopt;
}

std::vector<std::string_view> split_lines(std::string_view text) {
  auto lines = split(text, '\n');
  if (lines.back().empty()) lines.pop_back();
  for (auto& line : lines) {
    if (line.ends_with('\r')) line.remove_suffix(1);
  }
  return lines;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::vector<std::string> last_lines(std::string_view text, std::size_t most) {
  const auto lines = split_lines(text);
  return {lines.end() - static_cast<std::ptrdiff_t>(std::min(most, lines.size())), lines.end()};
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string result;
  for (const auto& part : parts) {
    if (&part != &parts.front()) result += separator;
    result += part;
  }
  return result;
}

std::string counted(int count, std::string_view one) {
  return std::to_string(count) + " " + std::string(one) + (count == 1 ? "" : "s");
}

std::size_t indent_of(std::string_view line) {
  return std::min(line.find_first_not_of(' '), line.size());
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n\v\f";
  const auto begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

std::string replaced(std::string_view text, std::string_view what, std::string_view by) {
  std::string result;
  for (;;) {
    const auto at = what.empty() ? std::string_view::npos : text.find(what);
    result += text.substr(0, at);
    if (at == std::string_view::npos) return result;
    result += by;
    text.remove_prefix(at + what.size());
  }
}

std::string plain_quotes(std::string_view text) {
  std::string result(text);
  for (const std::string_view quote : {"‘", "’", "`"}) {
    if (contains(result, quote)) result = replaced(result, quote, "'");
  }
  for (const std::string_view quote : {"“", "”"}) {
    if (contains(result, quote)) result = replaced(result, quote, "\"");
  }
  return result;
}

bool occurs_in(std::string_view pattern, std::string_view text) {
  const std::string plain = replaced(single_blanks(plain_quotes(trimmed(pattern))), "…", "\n");
  const auto parts = split(plain, '\n');
  return !plain.empty() && std::ranges::any_of(split_lines(text), [&](std::string_view line) {
    return occur_in_order(parts, single_blanks(plain_quotes(line)));
  });
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

bool contains(std::string_view text, char letter) {
  return text.find(letter) != std::string_view::npos;
}

std::string_view after(std::string_view text, std::string_view mark) {
  const auto at = text.find(mark);
  return at == std::string_view::npos ? std::string_view{} : text.substr(at + mark.size());
}

bool is_alphanumeric(char letter) {
  return std::isalnum(static_cast<unsigned char>(letter)) != 0;
}

bool is_name_letter(char letter) {
  return is_alphanumeric(letter) || letter == '_';
}

std::string lowered(std::string_view text) {
  std::string result(text);
  for (char& letter : result) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  return result;
}

std::optional<int> to_number(std::string_view digits) {
  int number = 0;
  const auto* end = digits.data() + digits.size();
  if (digits.empty() || digits.front() < '0' || digits.front() > '9') return std::nullopt;
  const auto [stopped, error] = std::from_chars(digits.data(), end, number);
  return error == std::errc{} && stopped == end ? std::optional(number) : std::nullopt;
}

}  // namespace runner
