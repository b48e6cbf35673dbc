#include "course/lesson.hpp"

#include <fmt/core.h>

#include <optional>
#include <utility>

#include "text/markdown.hpp"
#include "text/text.hpp"

namespace runner {
namespace {

using Lines = std::vector<std::string_view>;

// The marks ``` or ~~~ that a line begins with (three or more), or nothing.
std::string_view fence_mark(std::string_view line) {
  const auto inner = trimmed(line);
  if (!inner.starts_with("```") && !inner.starts_with("~~~")) return {};
  const auto end = inner.find_first_not_of(inner.front());
  return inner.substr(0, end);
}

bool closes(std::string_view line, std::string_view mark) {
  const auto inner = trimmed(line);
  return inner.starts_with(mark) && inner.find_first_not_of(mark.front()) == std::string_view::npos;
}

// The text of the code spans in `text`: `a` and ``b ` c``.
std::vector<std::string> code_spans(std::string_view text) {
  std::vector<std::string> spans;
  for (;;) {
    const auto begin = text.find('`');
    if (begin == std::string_view::npos) return spans;
    const auto mark = text.substr(begin, std::min(text.find_first_not_of('`', begin), text.size()) - begin);
    text.remove_prefix(begin + mark.size());
    const auto end = text.find(mark);
    if (end == std::string_view::npos) return spans;
    spans.emplace_back(trimmed(text.substr(0, end)));
    text.remove_prefix(end + mark.size());
  }
}

class LessonReader {
 public:
  explicit LessonReader(std::string_view markdown) : lines_(split_lines(markdown)) {}

  Lesson read() {
    read_title();
    lesson_.lines = static_cast<int>(lines_.size());
    while (at_ < lines_.size()) read_line();
    if (!fence_mark_.empty()) fail(lesson_.fences.back().line, "this code block has no end: add a line with ```");
    if (in_details_) fail(lesson_.hints.back().line, "this <details> has no end: add a line with </details>");
    if (lesson_.edit.empty()) fail(1, "add a line \"- Edit: `steps/…`\" that names the files to edit");
    if (!shipped_) fail(1, "add a line \"- As shipped: …\" with build, test, hang or sanitizer");
    return std::move(lesson_);
  }

 private:
  [[noreturn]] static void fail(int line, const std::string& what) { throw LessonError(line, what); }
  int line() const { return static_cast<int>(at_) + 1; }

  // "# 04 · Whole request"
  void read_title() {
    const auto first = lines_.empty() ? std::string_view{} : lines_[0];
    auto title = first.starts_with("# ") ? trimmed(first.substr(2)) : std::string_view{};
    const auto digits = std::min(title.find_first_not_of("0123456789"), title.size());
    lesson_.number = title.substr(0, digits);
    title = trimmed(title.substr(digits));
    constexpr std::string_view dot = "·";
    if (lesson_.number.empty() || !title.starts_with(dot))
      fail(1, "begin with a title such as \"# 04 · Whole request\"");
    lesson_.title = trimmed(title.substr(dot.size()));
    at_ = 1;
  }

  void read_line() {
    const auto text = lines_[at_];
    if (!fence_mark_.empty() || !fence_mark(text).empty()) {
      read_fence(text);
    } else if (text.starts_with("## ")) {
      if (in_details_) fail(lesson_.hints.back().line, "this <details> has no end before the next heading");
      lesson_.sections.push_back({std::string(trimmed(text.substr(3))), {}, line()});
    } else {
      read_links(text);
      if (lesson_.sections.empty()) read_head(text);
    }
    if (in_section("Hints")) read_hint(text);
    const bool heading = !lesson_.sections.empty() && lesson_.sections.back().line == line();
    if (!lesson_.sections.empty() && !heading) (lesson_.sections.back().text += text) += '\n';
    ++at_;
  }

  bool in_section(std::string_view heading) const {
    return !lesson_.sections.empty() && lesson_.sections.back().heading == heading;
  }

  void read_fence(std::string_view text) {
    if (fence_mark_.empty()) {
      fence_mark_ = fence_mark(text);
      lesson_.fences.push_back({std::string(trimmed(trimmed(text).substr(fence_mark_.size()))), {}, line()});
    } else if (closes(text, fence_mark_)) {
      fence_mark_ = {};
    } else {
      (lesson_.fences.back().text += text) += '\n';
    }
  }

  void read_head(std::string_view text) {
    const auto value = [&](std::string_view key) {
      return text.starts_with(key) ? std::optional(trimmed(text.substr(key.size()))) : std::nullopt;
    };
    if (const auto part = value("- Part:")) {
      lesson_.part = *part;
    } else if (const auto edit = value("- Edit:")) {
      lesson_.edit = code_spans(*edit);
      if (lesson_.edit.empty()) fail(line(), "put each file to edit in backticks: \"- Edit: `steps/…/main.cpp`\"");
    } else if (const auto shipped = value("- As shipped:")) {
      read_shipped(*shipped);
    } else if (!trimmed(text).empty()) {
      if (!lesson_.purpose.empty()) lesson_.purpose += ' ';
      lesson_.purpose += trimmed(text);
    }
  }

  void read_shipped(std::string_view word) {
    for (const auto each : {ShippedAs::build, ShippedAs::test, ShippedAs::hang, ShippedAs::sanitizer}) {
      if (word != to_string(each)) continue;
      lesson_.shipped_as = each;
      shipped_ = true;
      return;
    }
    fail(line(), fmt::format("\"{}\" is not a way to fail: write build, test, hang or sanitizer", word));
  }

  void read_hint(std::string_view text) {
    constexpr std::string_view open = "<summary>";
    constexpr std::string_view close = "</summary>";
    const auto inner = trimmed(text);
    const bool code = !fence_mark_.empty();
    if (!code && inner.starts_with("<details>")) {
      if (in_details_) fail(lesson_.hints.back().line, "this <details> has no end before the next one");
      in_details_ = true;
      lesson_.hints.push_back({{}, {}, line()});
    }
    const auto begin = inner.find(open);
    if (in_details_ && !code && begin != std::string_view::npos) {
      const auto end = inner.find(close);
      if (end == std::string_view::npos) fail(line(), "end the hint's title on its line with </summary>");
      lesson_.hints.back().title = trimmed(inner.substr(begin + open.size(), end - begin - open.size()));
    } else if (in_details_ && !code && inner == "</details>") {
      end_hint();
    } else if (in_details_ && inner != "<details>") {
      (lesson_.hints.back().body += text) += '\n';
    }
  }

  void end_hint() {
    in_details_ = false;
    auto& hint = lesson_.hints.back();
    hint.body = trimmed(hint.body);
    if (hint.title.empty()) fail(hint.line, "give the hint a title: <details><summary>Hint 1: a nudge</summary>");
    if (hint.body.empty()) fail(hint.line, "this hint says nothing");
  }

  void read_links(std::string_view text) {
    if (text.starts_with('[') && text.find("]: ") != std::string_view::npos) {
      return add_link(text.substr(text.find("]: ") + 3));
    }
    bool code = false;
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
      if (text[i] == '`') code = !code;
      if (code || text[i] != ']' || text[i + 1] != '(') continue;
      int depth = 1;
      const auto begin = i + 2;
      for (i = begin; i < text.size() && depth > 0; ++i) depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
      if (depth > 0) fail(line(), "this link has no end: [text](target)");
      add_link(text.substr(begin, --i - begin));
    }
  }

  void add_link(std::string_view target) {
    target = trimmed(target);
    target = target.substr(0, target.find(" \""));
    if (target.starts_with('<') && target.ends_with('>')) target = target.substr(1, target.size() - 2);
    lesson_.links.push_back({std::string(target), line()});
  }

  Lines lines_;
  std::size_t at_ = 0;
  Lesson lesson_;
  std::string_view fence_mark_;  // of the code block that is open
  bool in_details_ = false;
  bool shipped_ = false;
};

}  // namespace

std::vector<Meaning> read_meanings(std::string_view markdown) {
  std::vector<Meaning> meanings;
  int number = 0;
  int rows = 0;
  for (const auto text : split_lines(markdown)) {
    ++number;
    if (!text.starts_with('|')) {
      rows = 0;
      continue;
    }
    if (++rows <= 2) continue;  // the head of the table and the line below it
    const auto row = table_cells(text);
    if (row.size() != 2) {
      throw LessonError(
          number, fmt::format("this row has {} cells: write | `message` | meaning |, and \\| for a pipe", row.size()));
    }
    const auto patterns = code_spans(row[0]);
    if (patterns.empty() || patterns[0].empty() || row[1].empty()) {
      throw LessonError(number, "write the message in backticks, and what it means: | `message` | meaning |");
    }
    for (const auto& pattern : patterns) meanings.push_back({pattern, row[1], number});
  }
  return meanings;
}

Lesson read_lesson(std::string_view markdown) {
  return LessonReader(markdown).read();
}

}  // namespace runner
