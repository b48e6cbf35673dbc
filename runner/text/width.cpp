#include "text/width.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "text/text.hpp"

namespace runner {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

// Unicode 15: marks that take no column of their own, and characters that take two, in order.
constexpr Range combining[] = {
    {0x300, 0x36F},   {0x483, 0x489},   {0x591, 0x5BD},   {0x610, 0x61A},   {0x64B, 0x65F},     {0x1AB0, 0x1AFF},
    {0x1DC0, 0x1DFF}, {0x200B, 0x200F}, {0x202A, 0x202E}, {0x2060, 0x2069}, {0x20D0, 0x20FF},   {0x302A, 0x302F},
    {0x3099, 0x309A}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}, {0xFEFF, 0xFEFF}, {0xE0100, 0xE01EF},
};
constexpr Range wide[] = {
    {0x1100, 0x115F},   {0x231A, 0x231B},   {0x2329, 0x232A},   {0x23E9, 0x23EC},   {0x23F0, 0x23F0},
    {0x23F3, 0x23F3},   {0x25FD, 0x25FE},   {0x2614, 0x2615},   {0x2648, 0x2653},   {0x267F, 0x267F},
    {0x2693, 0x2693},   {0x26A1, 0x26A1},   {0x26AA, 0x26AB},   {0x26BD, 0x26BE},   {0x26C4, 0x26C5},
    {0x26CE, 0x26CE},   {0x26D4, 0x26D4},   {0x26EA, 0x26EA},   {0x26F2, 0x26F3},   {0x26F5, 0x26F5},
    {0x26FA, 0x26FA},   {0x26FD, 0x26FD},   {0x2705, 0x2705},   {0x270A, 0x270B},   {0x2728, 0x2728},
    {0x274C, 0x274C},   {0x274E, 0x274E},   {0x2753, 0x2755},   {0x2757, 0x2757},   {0x2795, 0x2797},
    {0x27B0, 0x27B0},   {0x27BF, 0x27BF},   {0x2B1B, 0x2B1C},   {0x2B50, 0x2B50},   {0x2B55, 0x2B55},
    {0x2E80, 0x303E},   {0x3041, 0xA4CF},   {0xA960, 0xA97F},   {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},
    {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},   {0x1F004, 0x1F004}, {0x1F0CF, 0x1F0CF},
    {0x1F18E, 0x1F18E}, {0x1F191, 0x1F19A}, {0x1F200, 0x1F320}, {0x1F32D, 0x1F64F}, {0x1F680, 0x1F6FF},
    {0x1F7E0, 0x1F7EB}, {0x1F900, 0x1F9FF}, {0x1FA70, 0x1FAFF}, {0x20000, 0x3FFFD},
};

bool is_in(std::span<const Range> ranges, char32_t letter) {
  const auto range = std::ranges::lower_bound(ranges, letter, {}, &Range::last);
  return range != ranges.end() && range->first <= letter;
}

// A character of a text, or a byte that is none.
struct Letter {
  char32_t code = 0xFFFD;
  std::size_t bytes = 1;
  bool valid = false;
};

// The character at the start of `text`, which is not empty (RFC 3629: no overlong forms, no surrogates).
Letter first_letter(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1, true};
  const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < bytes) return {};
  char32_t code = lead & (0xFFU >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xC0U) != 0x80) return {};
    code = code << 6U | (byte(i) & 0x3FU);
  }
  constexpr std::array<char32_t, 5> smallest = {0, 0, 0x80, 0x800, 0x10000};
  if (code < smallest[bytes] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return {};
  return {code, bytes, true};
}

// 0, 1 or 2.
int columns_of(const Letter& letter) {
  if (!letter.valid) return 1;
  if (letter.code < 0x20 || (letter.code >= 0x7F && letter.code < 0xA0)) return 0;
  if (letter.code < 0x300) return 1;
  if (is_in(combining, letter.code)) return 0;
  return is_in(wide, letter.code) ? 2 : 1;
}

// The length of the escape sequence (ECMA-48) that `text` starts with. A string within one ends at a line's end at the
// latest, so that a broken one does not swallow what follows.
std::size_t escape_length(std::string_view text) {
  if (text.size() < 2) return text.size();
  if (contains("]PX^_", text[1])) {  // a string
    const auto end = std::min(text.find_first_of("\a\n\x1b", 2), text.size());
    const auto rest = text.substr(end);
    return end + (rest.starts_with('\a') ? 1 : rest.starts_with("\x1b\\") ? 2 : 0);
  }
  const bool has_parameters = text[1] == '[';
  const char last = has_parameters ? '?' : '/';  // of what may stand before the final byte
  std::size_t at = has_parameters ? 2 : 1;
  while (at < text.size() && text[at] >= ' ' && text[at] <= last) ++at;
  return at < text.size() && text[at] > last && text[at] <= '~' ? at + 1 : at;
}

// What a terminal takes as one: a character, a byte that is none, or an escape sequence.
struct Piece {
  std::size_t bytes;
  int columns;
};

Piece first_piece(std::string_view text) {
  if (text.front() == '\x1b') return {escape_length(text), 0};
  const Letter letter = first_letter(text);
  return {letter.bytes, columns_of(letter)};
}

// The bytes at the start of `text` that are printable ASCII: most of what there is.
std::size_t plain_length(std::string_view text) {
  std::size_t length = 0;
  while (length < text.size() && text[length] >= 0x20 && text[length] < 0x7F) ++length;
  return length;
}

bool changes_direction(char32_t code) {
  return (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069) || code == 0x200E || code == 0x200F ||
         code == 0x61C || code == 0xFEFF;
}

// Bytes of the longest beginning of `word` that fits into `width` columns, at least one character.
std::size_t fitting(std::string_view word, int width) {
  std::size_t at = 0;
  int used = 0;
  while (at < word.size()) {
    const auto [bytes, columns] = first_piece(word.substr(at));
    if (used > 0 && columns > 0 && used + columns > width) break;
    used += columns;
    at += bytes;
  }
  return at;
}

class Wrapping {
 public:
  Wrapping(int width, std::string_view first, std::string_view others) : width_(width), others_(others), line_(first) {
    used_ = width_of(line_);
  }

  void add_word(std::string_view word) {
    int wanted = width_of(word);
    if (words_ > 0 && used_ + 1 + wanted > width_) end_line();
    while (words_ == 0 && used_ + wanted > width_ && wanted > 1) {
      const auto bytes = fitting(word, std::max(1, width_ - used_));
      if (bytes >= word.size()) break;
      line_ += word.substr(0, bytes);
      wanted -= width_of(word.substr(0, bytes));
      word.remove_prefix(bytes);
      end_line();
    }
    if (words_ > 0) line_ += ' ';
    used_ += wanted + (words_ > 0 ? 1 : 0);
    line_ += word;
    ++words_;
  }

  void end_line() {
    while (line_.ends_with(' ')) line_.pop_back();
    lines_.push_back(std::move(line_));
    line_ = others_;
    used_ = width_of(line_);
    words_ = 0;
  }

  std::vector<std::string> lines() { return std::move(lines_); }

 private:
  int width_;
  std::string others_;
  std::string line_;
  int used_ = 0;
  int words_ = 0;
  std::vector<std::string> lines_;
};

}  // namespace

int width_of(std::string_view text) {
  int width = 0;
  while (!text.empty()) {
    const auto [bytes, columns] = first_piece(text);
    width += columns;
    text.remove_prefix(bytes);
  }
  return width;
}

std::string cut_to_width(std::string_view text, int width) {
  if (width_of(text) <= width) return std::string(text);
  std::string result;
  int used = 0;
  bool cut = width < 1;
  while (!text.empty()) {
    const bool escape = text.front() == '\x1b';
    const auto [bytes, columns] = first_piece(text);
    if (!escape && !cut && used + columns > width - 1) {
      result += "…";
      cut = true;
    }
    if (escape || !cut) result += text.substr(0, bytes);
    used += columns;
    text.remove_prefix(bytes);
  }
  return result;
}

std::vector<std::string> wrap(std::string_view text, int width, std::string_view first, std::string_view others) {
  Wrapping wrapping(width, first, others);
  do {
    const auto end = std::min(text.find('\n'), text.size());
    for (const auto word : split(text.substr(0, end), ' ')) {
      if (!word.empty()) wrapping.add_word(word);
    }
    wrapping.end_line();
    text.remove_prefix(std::min(end + 1, text.size()));
  } while (!text.empty());
  return wrapping.lines();
}

std::string printable(std::string_view foreign) {
  std::string result;
  result.reserve(foreign.size());
  int column = 0;
  while (!foreign.empty()) {
    if (const auto plain = plain_length(foreign); plain > 0) {
      result += foreign.substr(0, plain);
      column += static_cast<int>(plain);
      foreign.remove_prefix(plain);
      continue;
    }
    const Letter letter = first_letter(foreign);
    std::size_t bytes = letter.bytes;
    if (letter.code == '\x1b') {
      bytes = escape_length(foreign);
    } else if (letter.code == '\n' || letter.code == '\r') {
      if (foreign.starts_with("\r\n")) bytes = 2;
      result += '\n';
      column = 0;
    } else if (letter.code == '\t') {
      const int blanks = 8 - column % 8;
      result.append(static_cast<std::size_t>(blanks), ' ');
      column += blanks;
    } else if (!letter.valid) {
      result += "\uFFFD";
      ++column;
    } else if (letter.code >= 0x20 && (letter.code < 0x7F || letter.code >= 0xA0) && !changes_direction(letter.code)) {
      result += foreign.substr(0, bytes);
      column += columns_of(letter);
    }
    foreign.remove_prefix(bytes);
  }
  return result;
}

std::vector<std::string> fold(std::string_view line, int width, std::string_view first, std::string_view others) {
  std::vector<std::string> lines;
  std::string_view begin = first;
  do {
    auto bytes = fitting(line, std::max(1, width - width_of(begin)));
    if (bytes < line.size()) {
      const auto blank = line.substr(0, bytes).rfind(' ');
      if (blank != std::string_view::npos && blank > 0) bytes = blank + 1;
    }
    lines.push_back(std::string(begin).append(line.substr(0, bytes)));
    line.remove_prefix(bytes);
    begin = others;
  } while (!line.empty());
  return lines;
}

}  // namespace runner
