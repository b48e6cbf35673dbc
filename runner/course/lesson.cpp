#include "course/lesson.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>

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

constexpr std::string_view ways_to_fail[] = {"build", "test", "hang", "sanitizer"};  // as in ShippedAs

ShippedAs read_shipped(std::string_view word, int line) {
  const auto* way = std::ranges::find(ways_to_fail, word);
  if (way == std::end(ways_to_fail))
    fail(line, fmt::format("\"{}\" is not a way to fail: write build, test, hang or sanitizer", word));
  return static_cast<ShippedAs>(way - ways_to_fail);
}

void read_head(Lesson& lesson) {
  const auto lines = split_lines(lesson.document.head);
  read_title(lines.empty() ? std::string_view{} : lines[0], lesson);
  bool shipped_as = false;
  std::vector<std::string> purpose;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const int number = static_cast<int>(i) + 1;
    auto text = trimmed(lines[i]);
    const auto takes = [&](std::string_view key) {
      if (!lines[i].starts_with(key)) return false;
      text = trimmed(lines[i].substr(key.size()));
      return true;
    };
    if (takes("- Part:")) {
      lesson.part = text;
    } else if (takes("- Edit:")) {
      for (auto file = take_code(text); !file.empty(); file = take_code(text)) lesson.edit.emplace_back(file);
      if (lesson.edit.empty()) fail(number, "put each file to edit in backticks: \"- Edit: `steps/…/main.cpp`\"");
    } else if (takes("- As shipped:")) {
      lesson.shipped_as = read_shipped(text, number);
      shipped_as = true;
    } else if (!text.empty()) {
      purpose.emplace_back(text);
    }
  }
  lesson.purpose = join(purpose, " ");
  if (lesson.edit.empty()) fail(1, "add a line \"- Edit: `steps/…`\" that names the files to edit");
  if (!shipped_as) fail(1, "add a line \"- As shipped: …\" with build, test, hang or sanitizer");
}

// The <details> blocks of a section.
std::vector<Hint> read_hints(const Section& section) {
  std::vector<Hint> hints;
  bool in_details = false;
  std::string_view mark;  // of the code block that is open
  int number = section.line;
  for (const auto text : split_lines(section.text)) {
    ++number;
    const bool code = !mark.empty();
    if (!code)
      mark = fence_mark(text);
    else if (closes_fence(text, mark))
      mark = {};
    const auto inner = trimmed(text);
    if (!code && inner.starts_with("<details>")) {
      if (in_details) fail(hints.back().line, "this <details> has no end before the next one");
      in_details = true;
      hints.push_back({.line = number});
    }
    if (!in_details) continue;
    auto& hint = hints.back();
    constexpr std::string_view open = "<summary>";
    const auto begin = inner.find(open);
    if (!code && begin != std::string_view::npos) {
      const auto end = inner.find("</summary>");
      if (end == std::string_view::npos) fail(number, "end the hint's title on its line with </summary>");
      hint.title = trimmed(inner.substr(begin + open.size(), end - begin - open.size()));
    } else if (!code && inner == "</details>") {
      in_details = false;
      hint.body = trimmed(hint.body);
      if (hint.title.empty()) fail(hint.line, "give the hint a title: <details><summary>Hint 1: a nudge</summary>");
      if (hint.body.empty()) fail(hint.line, "this hint says nothing");
    } else if (inner != "<details>") {
      (hint.body += text) += '\n';
    }
  }
  if (in_details) fail(hints.back().line, "this <details> has no end: add a line with </details>");
  return hints;
}

const Fence* text_fence(const Document& document, std::string_view compiler, bool story) {
  for (const auto& fence : document.fences) {
    const auto words = split(fence.info, ' ');
    const auto has = [&](std::string_view word) { return std::ranges::count(words, word) > 0; };
    if (words.front() == "text" && has(compiler) && has("story") == story) return &fence;
  }
  return nullptr;
}

}  // namespace

Lesson read_lesson(std::string_view markdown) {
  Lesson lesson;
  lesson.document = read_document(markdown);
  read_head(lesson);
  if (const auto* hints = lesson.document.section("Hints")) lesson.hints = read_hints(*hints);
  return lesson;
}

std::optional<Lesson> lesson_of(const Course& course, const Stage& stage, std::string* problem) {
  try {
    return read_lesson(read_file(course.lesson(stage)));
  } catch (const DocumentError& error) {
    if (problem != nullptr) *problem = fmt::format("{}:{}: {}", stage.page(), error.line(), error.what());
  } catch (const std::exception& error) {
    if (problem != nullptr) *problem = error.what();
  }
  return std::nullopt;
}

const Fence* Lesson::transcript(std::string_view compiler) const {
  return text_fence(document, compiler, false);
}

const Fence* Lesson::story(std::string_view compiler) const {
  return text_fence(document, compiler, true);
}

std::string_view to_string(ShippedAs shipped_as) {
  return ways_to_fail[static_cast<std::size_t>(shipped_as)];
}

}  // namespace runner
