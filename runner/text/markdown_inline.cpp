#include "text/markdown_inline.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "text/brackets.hpp"
#include "text/text.hpp"

namespace runner {
namespace {

constexpr std::size_t longest = 4000;  // bytes of a code span, and of a link's text

bool is_word(char letter) {
  return is_alphanumeric(letter) || static_cast<unsigned char>(letter) >= 0x80;
}

// Lessons lie in docs/ and link relative to it.
std::string from_root(std::string_view target) {
  target = target.substr(0, target.find(" \""));
  target = target.substr(0, target.find('#'));
  if (contains(target, "://") || target.empty()) return std::string(target);
  if (target.starts_with("../")) return std::string(target.substr(3));
  return "docs/" + std::string(target.starts_with("./") ? target.substr(2) : target);
}

class Inline {
 public:
  Inline(std::string_view text, const Marks& marks) : rest_(text), marks_(marks) {}

  std::string render() {
    while (!rest_.empty()) {
      if (!code() && !link() && !entity() && !emphasis() && !escape()) take();
    }
    return std::move(result_);
  }

 private:
  void take() {
    before_ = rest_.front();
    result_ += before_;
    rest_.remove_prefix(1);
  }

  bool code() {
    if (rest_.front() != '`') return false;
    const auto count = std::min(rest_.find_first_not_of('`'), rest_.size());
    const auto end = rest_.substr(0, longest).find(rest_.substr(0, count), count);
    if (end == std::string_view::npos) return false;
    auto inner = rest_.substr(count, end - count);
    if (count > 1) inner = trimmed(inner);
    (result_ += marks_.code_begin) += inner;
    result_ += marks_.code_end;
    before_ = '`';
    rest_.remove_prefix(end + count);
    return true;
  }

  bool link() {
    const std::size_t open = rest_.starts_with("![") ? 2 : 1;
    if (rest_.front() != '[' && open == 1) return false;
    const auto middle = rest_.substr(0, longest).find("](", open);
    if (middle == std::string_view::npos) return false;
    const auto end = matching_bracket(rest_, middle + 1);
    if (end == std::string_view::npos) return false;
    const auto text = Inline(rest_.substr(open, middle - open), marks_).render();
    const auto target = from_root(rest_.substr(middle + 2, end - middle - 2));
    result_ += text;
    if (!target.empty() && !contains(text, target)) result_ += " (" + target + ")";
    before_ = ')';
    rest_.remove_prefix(end + 1);
    return true;
  }

  bool entity() {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 5> entities = {
        {{"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"}, {"&quot;", "\""}, {"&nbsp;", " "}}};
    for (const auto& [name, letter] : entities) {
      if (!rest_.starts_with(name)) continue;
      result_ += letter;
      rest_.remove_prefix(name.size());
      return true;
    }
    return false;
  }

  // `*` and `_` that open or close; one inside a word (snake_case) or between blanks stays.
  bool emphasis() {
    const char mark = rest_.front();
    if (mark != '*' && mark != '_') return false;
    const auto count = std::min(rest_.find_first_not_of(mark), rest_.size());
    const char after = count < rest_.size() ? rest_[count] : ' ';
    const bool opens = after != ' ' && (mark == '*' || !is_word(before_)) && rest_.find(mark, count) != rest_.npos;
    const bool closes = open_ > 0 && before_ != ' ' && (mark == '*' || !is_word(after));
    if (!opens && !closes) {
      for (std::size_t i = 0; i < count; ++i) take();
      return true;
    }
    open_ += closes ? -1 : 1;
    rest_.remove_prefix(count);
    return true;
  }

  bool escape() {
    constexpr std::string_view escapable = "\\`*_{}[]()#+-.!|<>~&\"'$%,/:;=?@^";
    if (rest_.size() < 2 || rest_.front() != '\\' || !contains(escapable, rest_[1])) return false;
    rest_.remove_prefix(1);
    take();
    return true;
  }

  std::string_view rest_;
  const Marks& marks_;
  std::string result_;
  char before_ = ' ';
  int open_ = 0;
};

}  // namespace

std::vector<std::string> table_cells(std::string_view row) {
  row = trimmed(row);
  if (row.starts_with('|')) row.remove_prefix(1);
  if (row.ends_with('|') && !row.ends_with("\\|")) row.remove_suffix(1);
  std::vector<std::string> result(1);
  for (std::size_t i = 0; i < row.size(); ++i) {
    const bool escaped = row[i] == '\\' && i + 1 < row.size() && row[i + 1] == '|';
    if (escaped) ++i;
    if (row[i] == '|' && !escaped) {
      result.emplace_back();
    } else {
      result.back() += row[i];
    }
  }
  for (auto& cell : result) cell = trimmed(cell);
  return result;
}

std::string render_inline(std::string_view markdown, const Marks& marks) {
  return Inline(markdown, marks).render();
}

std::string_view take_code(std::string_view& text) {
  const auto begin = text.find('`');
  if (begin == std::string_view::npos) return text = {};
  const auto mark = text.substr(begin, std::min(text.find_first_not_of('`', begin), text.size()) - begin);
  text.remove_prefix(begin + mark.size());
  const auto end = text.find(mark);
  if (end == std::string_view::npos) return text = {};
  const auto code = trimmed(text.substr(0, end));
  text.remove_prefix(end + mark.size());
  return code;
}

}  // namespace runner
