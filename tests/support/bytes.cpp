#include "bytes.hpp"

#include <algorithm>

namespace support {
namespace {

constexpr std::size_t quoted_columns = 60;  // of each text in a Difference
constexpr std::size_t bytes_before = 20;    // shown before the first difference when the texts are long

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

std::string counted(std::size_t bytes) {
  return "(" + count_of(bytes) + ")";
}

std::string window(std::string_view bytes, std::size_t from) {
  if (bytes.empty()) return "nothing";
  std::size_t taken = 0;
  const std::string text = fitting(bytes.substr(from), quoted_columns, taken);
  return (from > 0 ? "…" : "\"") + text + (from + taken < bytes.size() ? "… " : "\" ") + counted(bytes.size());
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

std::string shown(std::string_view bytes, std::size_t columns) {
  if (bytes.empty()) return "nothing";
  std::size_t taken = 0;
  const std::string text = fitting(bytes, columns, taken);
  return "\"" + text + (taken < bytes.size() ? "… " : "\" ") + counted(bytes.size());
}

std::string shown_end(std::string_view bytes, std::size_t columns) {
  if (bytes.empty()) return "nothing";
  std::size_t from = bytes.size();
  std::size_t width = 0;
  while (from > 0 && width + escaped(static_cast<unsigned char>(bytes[from - 1])).size() <= columns) {
    width += escaped(static_cast<unsigned char>(bytes[--from])).size();
  }
  return (from > 0 ? "…" : "\"") + escaped(bytes.substr(from)) + "\" " + counted(bytes.size());
}

Difference difference(std::string_view expected, std::string_view actual) {
  const std::size_t shorter = std::min(expected.size(), actual.size());
  std::size_t first = 0;
  while (first < shorter && expected[first] == actual[first]) ++first;

  // Where the first difference would stand past the middle of the line, both begin shortly before it.
  std::size_t from = 0;
  if (escaped(expected.substr(0, first)).size() > quoted_columns / 2) from = first - std::min(first, bytes_before);
  Difference result{window(expected, from), window(actual, from), ""};
  if (expected.empty() || actual.empty()) return result;
  const std::size_t column = 1 + escaped(expected.substr(from, first - from)).size();
  result.mark = std::string(column, ' ') + "^ ";
  if (first == shorter) {
    result.mark += first == actual.size() ? "ends here" : "more than expected";
  } else {
    result.mark += "differs from here, byte " + std::to_string(first + 1);
  }
  return result;
}

doctest::String toString(const Bytes& bytes) {
  return shown(bytes.text, 40).c_str();
}

}  // namespace support
