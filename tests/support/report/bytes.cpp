#include "report/bytes.hpp"

#include <algorithm>

namespace support {
namespace {

constexpr std::size_t bytes_before = 20;  // shown before the first difference when the texts are long

std::string escaped(unsigned char byte) {
  constexpr char digits[] = "0123456789abcdef";
  switch (byte) {
    case '\r':
      return "\\r";
    case '\n':
      return "\\n";
    case '\t':
      return "\\t";
    case '\0':
      return "\\0";
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    default:
      break;
  }
  if (byte >= 0x20 && byte < 0x7f) return {static_cast<char>(byte)};
  return {'\\', 'x', digits[byte / 16], digits[byte % 16]};
}

// As many whole escaped bytes as fit; says through `taken` how many that were.
std::string fitting(std::string_view bytes, std::size_t columns, std::size_t& taken) {
  std::string text;
  taken = 0;
  for (const unsigned char byte : bytes) {
    const std::string next = escaped(byte);
    if (text.size() + next.size() > columns) break;
    text += next;
    ++taken;
  }
  return text;
}

// What stands behind the quoted part.
std::string tail_of(std::size_t bytes, std::string_view suffix) {
  return " (" + count_of(bytes) + ")" + std::string{suffix};
}

// How wide the part between the quotes (or …) may be, so that the tail has room.
std::size_t room_in(std::size_t columns, std::string_view tail) {
  return std::max<std::size_t>(columns, tail.size() + 10) - tail.size() - 2;
}

std::string window(std::string_view bytes, std::size_t from, std::size_t columns, std::string_view suffix,
                   std::size_t total = 0) {
  if (bytes.empty()) return "nothing" + std::string{suffix};
  total = std::max(total, bytes.size());
  const std::string tail = tail_of(total, suffix);
  std::size_t taken = 0;
  const std::string text = fitting(bytes.substr(from), room_in(columns, tail), taken);
  return (from > 0 ? "…" : "\"") + text + (from + taken < total ? "…" : "\"") + tail;
}

}  // namespace

std::string count_of(std::size_t bytes) {
  return std::to_string(bytes) + (bytes == 1 ? " byte" : " bytes");
}

std::string escaped(std::string_view bytes) {
  std::string text;
  for (const unsigned char byte : bytes) text += escaped(byte);
  return text;
}

std::string shown(std::string_view bytes, std::size_t columns, std::string_view suffix, std::size_t total) {
  return window(bytes, 0, columns, suffix, total);
}

std::string shown_end(std::string_view bytes, std::size_t columns, std::string_view suffix) {
  if (bytes.empty()) return "nothing" + std::string{suffix};
  const std::string tail = tail_of(bytes.size(), suffix);
  const std::size_t room = room_in(columns, tail);
  std::string text;
  std::size_t from = bytes.size();
  for (; from > 0; --from) {
    const std::string next = escaped(static_cast<unsigned char>(bytes[from - 1]));
    if (text.size() + next.size() > room) break;
    text.insert(0, next);
  }
  return (from > 0 ? "…" : "\"") + text + "\"" + tail;
}

Difference difference(std::string_view expected, std::string_view actual, std::string_view actual_suffix) {
  const auto [expected_end, actual_end] = std::mismatch(expected.begin(), expected.end(), actual.begin(), actual.end());
  const auto first = static_cast<std::size_t>(expected_end - expected.begin());

  // Texts that are too long both begin shortly before the first difference.
  const auto is_short = [](std::string_view bytes) {
    return bytes.size() < text_columns && escaped(bytes).size() + 2 + tail_of(bytes.size(), "").size() <= text_columns;
  };
  std::size_t from = 0;
  if (!is_short(expected) || !is_short(actual)) from = first - std::min(first, bytes_before);
  Difference result{window(expected, from, text_columns, ""), window(actual, from, text_columns, actual_suffix), ""};
  if (expected.empty() || actual.empty()) return result;
  result.mark = std::string(1 + escaped(expected.substr(from, first - from)).size(), ' ') + "^ ";
  if (actual_end == actual.end()) {
    result.mark += "ends here";
  } else if (expected_end == expected.end()) {
    result.mark += "more than expected";
  } else {
    result.mark += "differs from here, byte " + std::to_string(first + 1);
  }
  return result;
}

doctest::String toString(const Bytes& bytes) {
  return shown(bytes.text, 40).c_str();
}

}  // namespace support
