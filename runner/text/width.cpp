#include <algorithm>

#include "text/text.hpp"
#include "text/unicode.hpp"

namespace runner {
namespace {

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
    if (word[at] == '\x1b') {
      at += escape_length(word.substr(at));
      continue;
    }
    const Letter letter = first_letter(word.substr(at));
    const int more = columns_of(letter);
    if (used > 0 && used + more > width) break;
    used += more;
    at += letter.bytes;
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
    if (text.front() == '\x1b') {
      text.remove_prefix(escape_length(text));
      continue;
    }
    const Letter letter = first_letter(text);
    width += columns_of(letter);
    text.remove_prefix(letter.bytes);
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
    const Letter letter = escape ? Letter{} : first_letter(text);
    const std::size_t bytes = escape ? escape_length(text) : letter.bytes;
    const int more = escape ? 0 : columns_of(letter);
    if (!escape && !cut && used + more > width - 1) {
      result += "…";
      cut = true;
    }
    if (escape || !cut) result += text.substr(0, bytes);
    used += more;
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
