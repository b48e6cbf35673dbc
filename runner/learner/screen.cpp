#include "learner/screen.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "reading/diagnostics.hpp"
#include "system/files.hpp"
#include "text/text.hpp"

namespace runner {
namespace {

constexpr int detail_lines = 13;      // so that a stage as shipped stays within 24 lines
constexpr int columns_of_text = 100;  // longer lines are hard to read, however wide the terminal

class Writer {
 public:
  explicit Writer(int width) : width_(std::min(width, columns_of_text)) {}

  void line(std::string text = {}) { lines_.push_back(std::move(text)); }
  void gap() {
    if (!lines_.empty() && !lines_.back().empty()) line();
  }
  void text(std::string_view markdown, std::string_view indent = "  ") {
    for (const auto& each : wrap(render_inline(markdown), width_, indent, indent)) line(each);
  }
  std::vector<std::string> take() { return std::move(lines_); }
  int width() const { return width_; }

 private:
  int width_;
  std::vector<std::string> lines_;
};

// A long line of a history keeps its end, which says how many bytes there were: `"GET / HT… (35 bytes)`.
std::string cut_before_count(std::string_view line, int width) {
  const auto count = line.ends_with(" bytes)") ? line.rfind(" (") : std::string_view::npos;
  if (count == std::string_view::npos || width_of(line) <= width) return cut_to_width(line, width);
  const auto end = line.substr(count);
  auto begin = line.substr(0, count);
  if (begin.ends_with("…")) begin.remove_suffix(std::string_view("…").size());
  return cut_to_width(begin, width - width_of(end)) + std::string(end);
}

std::string painted(const Line& line, std::string text, const Page& page, const Paint& paint) {
  if (line.field == Field::test) return "  " + paint.bold(std::string_view(text).substr(2));
  const auto body = trimmed(text);
  if (line.field == Field::difference || (line.as_it_is && (body.starts_with('^') || body.starts_with('|'))))
    return paint.green(text);
  // The place becomes a link, and an error stands out.
  const auto place = line.place.file.empty() ? "" : to_string(line.place, true) + ": ";
  const auto at = text.find(place);
  if (place.empty() || at == std::string::npos) return text;
  const auto rest = std::string_view(text).substr(at + place.size());
  return text.substr(0, at) +
         paint.link(page.course.root(), line.place.file, std::string_view(place).substr(0, place.size() - 2)) + ": " +
         (line.field == Field::compiler ? paint.bold(rest) : std::string(rest));
}

// Errors stand out, places become links, long lines are wrapped.
void write_detail(Writer& out, const Page& page, const Paint& paint) {
  std::vector<std::string> lines;
  for (const auto& each : page.verdict->detail) {
    if (each.field == Field::rule) continue;
    const auto text = to_string(each);
    if (each.as_it_is || width_of(text) + 2 <= out.width()) {
      lines.push_back(painted(each, cut_before_count("  " + text, out.width()), page, paint));
      continue;
    }
    // What is expected and what came keep their column.
    const auto mark = std::string(label(each.field));
    const auto first = fmt::format("  {:{}}{}", "", each.indent, mark);
    const auto others =
        std::string(std::max(first.size() - (each.field == Field::test ? mark.size() - 2 : 0), std::size_t{4}), ' ');
    const auto body = std::string_view(text).substr(static_cast<std::size_t>(each.indent) + mark.size());
    auto parts = fold(body, out.width(), first, others);
    parts.front() = painted(each, parts.front(), page, paint);
    lines.insert(lines.end(), parts.begin(), parts.end());
  }
  const auto shown = std::min(lines.size(), static_cast<std::size_t>(detail_lines));
  for (std::size_t i = 0; i < shown; ++i) out.line(lines[i]);
  if (shown < lines.size())
    out.line(paint.dim(
        fmt::format("  … {} more in the full text", counted(static_cast<int>(lines.size() - shown), "line"))));
}

void write_head(Writer& out, const Page& page, const Paint& paint) {
  const auto number = page.course.index_of(page.stage) + 1;
  const auto stage = fmt::format("Stage {} of {}: {}", number, page.course.stages().size(), page.stage.title);
  auto part = page.lesson != nullptr ? " · part " + page.lesson->part : std::string();
  if (width_of(stage + part) > out.width()) part.clear();
  out.line(cut_to_width(paint.bold(stage) + paint.dim(part), out.width()));
  if (page.was_done && page.verdict != nullptr && !page.verdict->passes()) {
    out.text("You had finished this stage; as it stands now it does not pass.", "");
  } else if (number == 1 && page.untouched && !(page.verdict != nullptr && page.verdict->passes())) {
    // Said once: whoever comes to the later stages knows it, and their screens have no line to spare.
    out.text("It arrives broken on purpose, and you mend it. Begin with what stands below.", "");
  }
}

void write_verdict(Writer& out, const Page& page, const Paint& paint) {
  const auto& verdict = *page.verdict;
  out.gap();
  if (verdict.passes()) {
    for (const auto& each : wrap(join(verdict.passed, ", "), out.width(), "✓ passes: ", "  ")) {
      out.line(paint.green(each));
    }
    if (!verdict.detail.empty()) {
      out.line(paint.yellow("  with a warning:"));
      write_detail(out, page, paint);
    }
  } else {
    for (const auto& each : wrap(verdict.headline, out.width(), "✗ ", "  ")) out.line(paint.red(each));
    out.gap();
    write_detail(out, page, paint);
  }
  for (const auto& note : verdict.notes) out.text(note);
  if (!page.below.empty() && !verdict.passes()) {
    const bool one = page.below.size() == 1;
    out.gap();
    out.text(fmt::format("Stages stand on your own files, and {} {} not done. ./learn base solutions takes ours.",
                         join(page.below, ", "), one ? "is" : "are"));
  }
  if (!verdict.meaning.empty()) {
    out.gap();
    for (const auto& each : wrap(render_inline(verdict.meaning), out.width(), "→ ", "  ")) out.line(paint.yellow(each));
  }
}

// Stages to come exist, and belong to another part.
bool ends_part(const Page& page) {
  const auto next = page.course.index_of(page.stage) + 1;
  if (page.lesson == nullptr || next >= page.course.stages().size()) return false;
  const auto lesson = lesson_of(page.course, page.course.stages()[next]);
  return lesson && lesson->part != page.lesson->part;
}

void write_hints(Writer& out, const Page& page, const Paint& paint) {
  for (int i = 0; i < page.hints && i < static_cast<int>(page.lesson->hints.size()); ++i) {
    const auto& hint = page.lesson->hints[static_cast<std::size_t>(i)];
    out.gap();
    out.line(paint.bold(hint.title));
    const auto text = render(hint.body, out.width() - 2, Details::open, paint.marks());
    for (const auto& each : split_lines(text)) out.line(each.empty() ? "" : "  " + std::string(each));
  }
}

}  // namespace

std::vector<std::string> stage_page(const Page& page, int width, const Paint& paint) {
  Writer out(width);
  write_head(out, page, paint);
  if (page.verdict == nullptr) {
    out.gap();
    out.line(page.activity);
  } else {
    write_verdict(out, page, paint);
  }
  if (page.lesson != nullptr && page.hints > 0) write_hints(out, page, paint);
  out.gap();
  if (page.verdict != nullptr && page.verdict->passes()) {
    out.text(fmt::format("Compare with ours: {}. What was learned: docs/{}.md",
                         page.keys ? "d" : "./learn diff " + page.stage.number(), page.stage.name),
             "");
    if (ends_part(page) && !page.base_mine) {
      out.gap();
      out.text(
          "That was the last stage of this part. The stages to come stand on our solutions; they can stand on your own "
          "files, too: ./learn base mine. (./learn base solutions undoes it.)",
          "");
    }
    return out.take();
  }
  std::vector<std::string> edit;
  if (page.lesson != nullptr) edit = page.lesson->edit;
  if (edit.empty()) {
    for (const auto& file : page.stage.own) edit.push_back("steps/" + page.stage.name + "/" + file);
  }
  for (const auto& file : edit) {
    if (is_file(page.course.root() / file))
      out.line("Edit  " + paint.link(page.course.root(), file, paint.cyan(file)));
    else
      out.line("Make  " + paint.cyan(file));
  }
  const auto lesson = "docs/" + page.stage.name + ".md";
  out.line("Read  " + paint.link(page.course.root(), lesson, paint.cyan(lesson)));
  return out.take();
}

std::vector<std::string> hint_lines(const Page& page, int width, const Paint& paint) {
  Writer out(width);
  write_hints(out, page, paint);
  return out.take();
}

std::vector<std::string> diff_lines(std::string_view diff, const Paint& paint) {
  std::vector<std::string> lines;
  for (const auto line : split_lines(diff)) {
    if (line.starts_with("+++") || line.starts_with("---"))
      lines.push_back(paint.bold(line));
    else if (line.starts_with("+"))
      lines.push_back(paint.green(line));
    else if (line.starts_with("-"))
      lines.push_back(paint.red(line));
    else if (line.starts_with("@@"))
      lines.push_back(paint.cyan(line));
    else
      lines.emplace_back(line);
  }
  return lines;
}

std::vector<std::string> key_lines(int width, const Paint& paint, bool passes, int hints, int hints_shown) {
  std::vector<std::pair<std::string, std::string>> keys;
  if (passes) keys.emplace_back("n", "next");
  keys.emplace_back("h", fmt::format("hint {}/{}", std::min(hints_shown, hints), hints));
  keys.emplace_back("e", "full text");
  keys.emplace_back("d", "diff");
  keys.emplace_back("l", "list");
  keys.emplace_back("s", "serve");
  keys.emplace_back("r", "run");
  if (!passes) keys.emplace_back("n", "next");
  keys.emplace_back("p", "prev");
  keys.emplace_back("q", "quit");
  std::vector<std::string> lines(1);
  int used = 0;
  for (const auto& [key, meaning] : keys) {
    const auto text = key + " " + meaning;
    if (used > 0 && used + 2 + width_of(text) > width) {
      lines.emplace_back();
      used = 0;
    }
    if (used > 0) lines.back() += "  ";
    lines.back() += paint.bold(key) + " " + (passes && key == "n" ? paint.green(meaning) : meaning);
    used += (used > 0 ? 2 : 0) + width_of(text);
  }
  return lines;
}

std::string about(const Course& course, const Stage& stage) {
  const auto readme = course.root() / "README.md";
  if (!is_file(readme)) return {};
  const auto text = read_file(readme);
  for (auto line : split_lines(text)) {
    line = trimmed(line);
    if (!line.starts_with('|') || !line.ends_with('|')) continue;
    if (line.find("(docs/" + stage.name + ".md)") == std::string_view::npos) continue;
    line.remove_suffix(1);
    return std::string(trimmed(line.substr(line.rfind('|') + 1)));
  }
  return {};
}

ListPage list_page(const Course& course, const Progress& progress, int width, const Paint& paint, int selected) {
  ListPage page;
  auto& lines = page.lines;
  int index = 0;
  std::string part;
  for (const auto& stage : course.stages()) {
    if (const auto lesson = lesson_of(course, stage); lesson && lesson->part != part) {
      part = lesson->part;
      if (!lines.empty()) lines.emplace_back();
      for (const auto& each : wrap("Part " + part, width)) lines.push_back(paint.bold(each));
    }
    const auto* marks = progress.find(stage.name);
    const bool done = progress.is_done(stage.name);
    const bool current = progress.current == stage.name;
    auto line = fmt::format("{} {} {:<24}{}", current ? "→" : " ", done ? "✓" : "·", stage.name,
                            done      ? " done " + marks->done
                            : current ? " you are here"
                                      : "");
    line = cut_to_width(line.substr(0, line.find_last_not_of(' ') + 1), width);
    if (index == selected)
      line = paint.colours() ? paint.inverse(line) : "> " + line;
    else if (selected >= 0 && !paint.colours())
      line = "  " + line;
    else if (done)
      line = paint.green(line);
    if (index == selected) page.selected = static_cast<int>(lines.size());
    lines.push_back(line);
    if (selected < 0) {
      const auto what = render_inline(about(course, stage));
      if (!what.empty()) {
        for (const auto& each : wrap(what, width, "      ", "      ")) lines.push_back(paint.dim(each));
      }
    }
    ++index;
  }
  return page;
}

}  // namespace runner
