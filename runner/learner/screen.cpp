#include "learner/screen.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "system/files.hpp"
#include "text/markdown.hpp"
#include "text/text.hpp"

namespace runner {
namespace {

constexpr std::size_t detail_lines = 13;  // so that a stage as shipped stays within 24 lines
constexpr int columns_of_text = 100;      // longer lines are hard to read, however wide the terminal

// A long line of a history keeps its end, which says how many bytes there were: `"GET / HT… (35 bytes)`.
std::string cut_before_count(std::string_view line, int width) {
  const auto count = line.ends_with(" bytes)") ? line.rfind(" (") : std::string_view::npos;
  if (count == std::string_view::npos || width_of(line) <= width) return cut_to_width(line, width);
  const auto end = line.substr(count);
  auto begin = line.substr(0, count);
  if (begin.ends_with("…")) begin.remove_suffix(std::string_view("…").size());
  return cut_to_width(begin, width - width_of(end)) + std::string(end);
}

class PageWriter {
 public:
  PageWriter(const Context& context, const Page& page, int width)
      : context_(context),
        course_(context.course),
        paint_(context.paint),
        page_(page),
        stage_(*page.stage),
        width_(std::min(width, columns_of_text)) {}

  std::vector<std::string> page() {
    head();
    gap();
    if (page_.verdict)
      verdict(*page_.verdict);
    else
      line(page_.activity);
    write_hints();
    gap();
    if (page_.passes())
      what_comes_next();
    else
      where_to_look();
    return std::move(lines_);
  }

  std::vector<std::string> hints() {
    write_hints();
    return std::move(lines_);
  }

 private:
  void line(std::string text = {}) { lines_.push_back(std::move(text)); }
  void gap() {
    if (!lines_.empty() && !lines_.back().empty()) line();
  }
  void text(std::string_view markdown, std::string_view indent = "  ") {
    for (const auto& each : wrap(render_inline(markdown), width_, indent, indent)) line(each);
  }

  void head() {
    const auto number = course_.index_of(stage_) + 1;
    const auto stage = fmt::format("Stage {} of {}: {}", number, course_.stages().size(), stage_.title);
    auto part = page_.lesson ? " · part " + page_.lesson->part : std::string();
    if (width_of(stage + part) > width_) part.clear();
    line(cut_to_width(paint_.bold(stage) + paint_.dim(part), width_));
    if (page_.passes()) return;
    if (page_.was_done && page_.verdict) {
      text("You had finished this stage; as it stands now it does not pass.", "");
    } else if (number == 1 && page_.untouched) {
      // Said once: whoever comes to the later stages knows it, and their screens have no line to spare.
      text("It arrives broken on purpose, and you mend it. Begin with what stands below.", "");
    }
  }

  void verdict(const Verdict& verdict) {
    if (verdict.passes()) {
      for (const auto& each : wrap(join(verdict.passed, ", "), width_, "✓ passes: ", "  ")) line(paint_.green(each));
      if (!verdict.detail.empty()) line(paint_.yellow("  with a warning:"));
    } else {
      for (const auto& each : wrap(verdict.headline, width_, "✗ ", "  ")) line(paint_.red(each));
      gap();
    }
    detail(verdict.detail);
    for (const auto& note : verdict.notes) text(note);
    if (!page_.below.empty() && !verdict.passes()) {
      gap();
      text(fmt::format("Stages stand on your own files, and {} {} not done. ./learn base solutions takes ours.",
                       join(page_.below, ", "), page_.below.size() == 1 ? "is" : "are"));
    }
    if (verdict.meaning.empty()) return;
    gap();
    for (const auto& each : wrap(render_inline(verdict.meaning), width_, "→ ", "  ")) line(paint_.yellow(each));
  }

  // Errors stand out, places become links, long lines are wrapped.
  void detail(const Lines& detail) {
    std::vector<std::string> lines;
    for (const auto& each : detail) {
      if (each.field == Field::rule) continue;
      const auto text = to_string(each);
      if (each.as_it_is || width_of(text) + 2 <= width_) {
        lines.push_back(painted(each, cut_before_count("  " + text, width_)));
        continue;
      }
      // What is expected and what came keep their column.
      const auto mark = std::string(label(each.field));
      const auto first = fmt::format("  {:{}}{}", "", each.indent, mark);
      const auto others =
          std::string(std::max(first.size() - (each.field == Field::test ? mark.size() - 2 : 0), std::size_t{4}), ' ');
      const auto body = std::string_view(text).substr(static_cast<std::size_t>(each.indent) + mark.size());
      auto parts = fold(body, width_, first, others);
      parts.front() = painted(each, parts.front());
      lines.insert(lines.end(), parts.begin(), parts.end());
    }
    const auto shown = std::min(lines.size(), detail_lines);
    lines_.insert(lines_.end(), lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(shown));
    if (shown == lines.size()) return;
    const auto rest = counted(static_cast<int>(lines.size() - shown), "line");
    line(paint_.dim(fmt::format("  … {} more in the full text", rest)));
  }

  std::string painted(const Line& line, const std::string& text) const {
    if (line.field == Field::test) return "  " + paint_.bold(std::string_view(text).substr(2));
    const auto body = trimmed(text);
    if (line.field == Field::difference || (line.as_it_is && (body.starts_with('^') || body.starts_with('|'))))
      return paint_.green(text);
    if (line.place.file.empty()) return text;
    const auto place = to_string(line.place, true);
    const auto at = text.find(place + ": ");
    if (at == std::string::npos) return text;
    const auto rest = std::string_view(text).substr(at + place.size() + 2);
    return text.substr(0, at) + link(line.place.file, place) + ": " +
           (line.field == Field::compiler ? paint_.bold(rest) : std::string(rest));
  }

  std::string link(std::string_view file, std::string_view text) const {
    return paint_.link(course_.root(), file, text);
  }

  void write_hints() {
    for (int i = 0; i < std::min(page_.hints, page_.hint_count()); ++i) {
      const auto& hint = page_.lesson->hints[static_cast<std::size_t>(i)];
      gap();
      line(paint_.bold(hint.title));
      const auto text = render(hint.body, width_ - 2, Details::open, paint_.marks());
      for (const auto& each : split_lines(text)) line(each.empty() ? "" : "  " + std::string(each));
    }
  }

  void what_comes_next() {
    text(fmt::format("Compare with ours: {}. What was learned: docs/{}.md",
                     page_.keys ? "d" : "./learn diff " + stage_.number(), stage_.name),
         "");
    if (!ends_part() || context_.base_mine()) return;
    gap();
    text(
        "That was the last stage of this part. The stages to come stand on our solutions; they can stand on your own "
        "files, too: ./learn base mine. (./learn base solutions undoes it.)",
        "");
  }

  // Stages to come exist, and belong to another part.
  bool ends_part() const {
    const auto next = course_.index_of(stage_) + 1;
    if (!page_.lesson || next >= course_.stages().size()) return false;
    const auto lesson = lesson_of(course_, course_.stages()[next]);
    return lesson && lesson->part != page_.lesson->part;
  }

  void where_to_look() {
    auto edit = page_.lesson ? page_.lesson->edit : std::vector<std::string>();
    if (edit.empty()) {
      for (const auto& file : stage_.own) edit.push_back("steps/" + stage_.name + "/" + file);
    }
    for (const auto& file : edit) {
      const auto name = paint_.cyan(file);
      line(is_file(course_.root() / file) ? "Edit  " + link(file, name) : "Make  " + name);
    }
    const auto lesson = "docs/" + stage_.name + ".md";
    line("Read  " + link(lesson, paint_.cyan(lesson)));
    if (page_.verdict && page_.verdict->has_story)
      line(fmt::format("Play  {}, the schedule that fails, step by step",
                       page_.keys ? "t" : "./learn story " + page_.stage->number()));
  }

  const Context& context_;
  const Course& course_;
  const Paint& paint_;
  const Page& page_;
  const Stage& stage_;
  int width_;
  std::vector<std::string> lines_;
};

}  // namespace

std::vector<std::string> stage_page(const Context& context, const Page& page, int width) {
  return PageWriter(context, page, width).page();
}

std::vector<std::string> hint_lines(const Context& context, const Page& page, int width) {
  return PageWriter(context, page, width).hints();
}

std::vector<std::string> diff_lines(std::string_view diff, const Paint& paint) {
  const auto painted = [&](std::string_view line) {
    if (line.starts_with("+++") || line.starts_with("---")) return paint.bold(line);
    if (line.starts_with('+')) return paint.green(line);
    if (line.starts_with('-')) return paint.red(line);
    if (line.starts_with("@@")) return paint.cyan(line);
    return std::string(line);
  };
  std::vector<std::string> lines;
  for (const auto line : split_lines(diff)) lines.push_back(painted(line));
  return lines;
}

std::vector<std::string> key_lines(const Page& page, int width, const Paint& paint) {
  const bool passes = page.passes();
  const auto hint = fmt::format("hint {}/{}", std::min(page.hints, page.hint_count()), page.hint_count());
  std::vector<std::pair<std::string, std::string>> keys{{"h", hint},   {"e", "full text"}, {"d", "diff"},
                                                        {"l", "list"}, {"s", "serve"},     {"r", "run"},
                                                        {"p", "prev"}, {"q", "quit"}};
  if (page.verdict && page.verdict->has_story) keys.insert(keys.begin() + 3, {"t", "story"});
  keys.insert(passes ? keys.begin() : keys.end() - 2, {"n", "next"});
  std::vector<std::string> lines(1);
  int used = 0;
  for (const auto& [key, meaning] : keys) {
    const int columns = width_of(key + " " + meaning);
    if (used > 0 && used + 2 + columns > width) {
      lines.emplace_back();
      used = 0;
    }
    if (used > 0) lines.back() += "  ";
    lines.back() += paint.bold(key) + " " + (passes && key == "n" ? paint.green(meaning) : meaning);
    used += (used > 0 ? 2 : 0) + columns;
  }
  return lines;
}

std::string about(const Course& course, const Stage& stage) {
  const auto readme = course.root() / "README.md";
  if (!is_file(readme)) return {};
  const auto text = read_file(readme);
  for (const auto line : split_lines(text)) {
    const bool is_row = trimmed(line).starts_with('|');
    if (is_row && line.find("(docs/" + stage.name + ".md)") != std::string_view::npos) return table_cells(line).back();
  }
  return {};
}

ListPage list_page(const Context& context, int width, int selected) {
  const auto& paint = context.paint;
  const auto progress = context.progress.read();
  ListPage page;
  auto& lines = page.lines;
  std::string part;
  for (const auto& stage : context.course.stages()) {
    if (const auto lesson = lesson_of(context.course, stage); lesson && lesson->part != part) {
      part = lesson->part;
      if (!lines.empty()) lines.emplace_back();
      for (const auto& each : wrap("Part " + part, width)) lines.push_back(paint.bold(each));
    }
    const bool done = progress.is_done(stage.name);
    const bool current = progress.current == stage.name;
    const auto state = done ? " done " + progress.find(stage.name)->done : current ? " you are here" : "";
    auto line = fmt::format("{} {} {:<24}{}", current ? "→" : " ", done ? "✓" : "·", stage.name, state);
    line = cut_to_width(line.substr(0, line.find_last_not_of(' ') + 1), width);
    if (static_cast<int>(context.course.index_of(stage)) == selected) {
      page.selected = static_cast<int>(lines.size());
      line = paint.colours() ? paint.inverse(line) : "> " + line;
    } else if (selected >= 0 && !paint.colours()) {
      line = "  " + line;
    } else if (done) {
      line = paint.green(line);
    }
    lines.push_back(line);
    if (selected < 0) {
      const auto what = render_inline(about(context.course, stage));
      if (what.empty()) continue;
      for (const auto& each : wrap(what, width, "      ", "      ")) lines.push_back(paint.dim(each));
    }
  }
  return page;
}

}  // namespace runner
