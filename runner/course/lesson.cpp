#include "course/lesson.hpp"

#include <fmt/core.h>

#include <utility>

#include "system/files.hpp"
#include "text/markdown.hpp"
#include "text/text.hpp"

namespace runner {
namespace {

[[noreturn]] void fail(int line, const std::string& what) {
  throw DocumentError(line, what);
}

// "# 04 · Whole request"
void read_title(std::string_view first, Lesson& lesson) {
  auto title = first.starts_with("# ") ? trimmed(first.substr(2)) : std::string_view{};
  const auto digits = std::min(title.find_first_not_of("0123456789"), title.size());
  lesson.number = title.substr(0, digits);
  title = trimmed(title.substr(digits));
  constexpr std::string_view dot = "·";
  if (lesson.number.empty() || !title.starts_with(dot)) fail(1, "begin with a title such as \"# 04 · Whole request\"");
  lesson.title = trimmed(title.substr(dot.size()));
}

ShippedAs read_shipped(std::string_view word, int line) {
  for (const auto each : {ShippedAs::build, ShippedAs::test, ShippedAs::hang, ShippedAs::sanitizer}) {
    if (word == to_string(each)) return each;
  }
  fail(line, fmt::format("\"{}\" is not a way to fail: write build, test, hang or sanitizer", word));
}

void read_head(Lesson& lesson) {
  const auto lines = split_lines(lesson.document.head);
  read_title(lines.empty() ? std::string_view{} : lines[0], lesson);
  bool shipped_as = false;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const int number = static_cast<int>(i) + 1;
    const auto text = lines[i];
    const auto value = [&](std::string_view key) {
      return text.starts_with(key) ? std::optional(trimmed(text.substr(key.size()))) : std::nullopt;
    };
    if (const auto part = value("- Part:")) {
      lesson.part = *part;
    } else if (auto edit = value("- Edit:")) {
      for (auto file = take_code(*edit); !file.empty(); file = take_code(*edit)) lesson.edit.emplace_back(file);
      if (lesson.edit.empty()) fail(number, "put each file to edit in backticks: \"- Edit: `steps/…/main.cpp`\"");
    } else if (const auto shipped = value("- As shipped:")) {
      lesson.shipped_as = read_shipped(*shipped, number);
      shipped_as = true;
    } else if (!trimmed(text).empty()) {
      if (!lesson.purpose.empty()) lesson.purpose += ' ';
      lesson.purpose += trimmed(text);
    }
  }
  if (lesson.edit.empty()) fail(1, "add a line \"- Edit: `steps/…`\" that names the files to edit");
  if (!shipped_as) fail(1, "add a line \"- As shipped: …\" with build, test, hang or sanitizer");
}

// The <details> blocks of a section.
class HintReader {
 public:
  explicit HintReader(std::vector<Hint>& hints) : hints_(hints) {}

  void read(std::string_view text, int line) {
    const bool code = !fence_mark_.empty();
    if (code ? closes_fence(text, fence_mark_) : !fence_mark(text).empty())
      fence_mark_ = code ? std::string_view{} : fence_mark(text);
    constexpr std::string_view open = "<summary>";
    constexpr std::string_view close = "</summary>";
    const auto inner = trimmed(text);
    if (!code && inner.starts_with("<details>")) {
      if (in_details_) fail(hints_.back().line, "this <details> has no end before the next one");
      in_details_ = true;
      hints_.push_back({{}, {}, line});
    }
    const auto begin = inner.find(open);
    if (in_details_ && !code && begin != std::string_view::npos) {
      const auto end = inner.find(close);
      if (end == std::string_view::npos) fail(line, "end the hint's title on its line with </summary>");
      hints_.back().title = trimmed(inner.substr(begin + open.size(), end - begin - open.size()));
    } else if (in_details_ && !code && inner == "</details>") {
      end_hint();
    } else if (in_details_ && inner != "<details>") {
      (hints_.back().body += text) += '\n';
    }
  }

  void end() const {
    if (in_details_) fail(hints_.back().line, "this <details> has no end: add a line with </details>");
  }

 private:
  void end_hint() {
    in_details_ = false;
    auto& hint = hints_.back();
    hint.body = trimmed(hint.body);
    if (hint.title.empty()) fail(hint.line, "give the hint a title: <details><summary>Hint 1: a nudge</summary>");
    if (hint.body.empty()) fail(hint.line, "this hint says nothing");
  }

  std::vector<Hint>& hints_;
  bool in_details_ = false;
  std::string_view fence_mark_;
};

}  // namespace

Lesson read_lesson(std::string_view markdown) {
  Lesson lesson;
  lesson.document = read_document(markdown);
  read_head(lesson);
  if (const auto* hints = lesson.document.section("Hints")) {
    HintReader reader(lesson.hints);
    int number = hints->line;
    for (const auto line : split_lines(hints->text)) reader.read(line, ++number);
    reader.end();
  }
  return lesson;
}

std::optional<Lesson> lesson_of(const Course& course, const Stage& stage, std::string* problem) {
  try {
    return read_lesson(read_file(course.lesson(stage)));
  } catch (const DocumentError& error) {
    if (problem != nullptr) *problem = fmt::format("docs/{}.md:{}: {}", stage.name, error.line(), error.what());
  } catch (const std::exception& error) {
    if (problem != nullptr) *problem = error.what();
  }
  return std::nullopt;
}

const Fence* Lesson::transcript(std::string_view compiler) const {
  for (const auto& fence : document.fences) {
    const auto words = split(fence.info, ' ');
    for (const auto word : words) {
      if (words.front() == "text" && word == compiler) return &fence;
    }
  }
  return nullptr;
}

std::string_view to_string(ShippedAs shipped_as) {
  switch (shipped_as) {
    case ShippedAs::build:
      return "build";
    case ShippedAs::test:
      return "test";
    case ShippedAs::hang:
      return "hang";
    case ShippedAs::sanitizer:
      return "sanitizer";
  }
  return "";
}

}  // namespace runner
