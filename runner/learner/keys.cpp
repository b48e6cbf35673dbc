#include "learner/keys.hpp"

#include <algorithm>
#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "system/files.hpp"
#include "text/text.hpp"

namespace runner {
namespace {

constexpr int far_away = 1'000'000;  // lines; the page's end is nearer

bool leaves(KeyPress pressed) {
  return pressed.key == Key::escape || pressed.letter == 'q';
}

bool scrolled(Shown& shown, KeyPress pressed, Window window) {
  const int page = std::max(1, window.rows - 4);
  int by = 0;
  if (pressed.key == Key::up || pressed.letter == 'k') by = -1;
  if (pressed.key == Key::down || pressed.letter == 'j') by = 1;
  if (pressed.key == Key::page_up || pressed.letter == 'b') by = -page;
  if (pressed.key == Key::page_down || pressed.letter == ' ') by = page;
  if (pressed.key == Key::home || pressed.letter == 'g') by = -far_away;
  if (pressed.key == Key::end || pressed.letter == 'G') by = far_away;
  shown.scroll = std::max(0, shown.scroll + by);
  return by != 0;
}

void show_next_hint(const Context& context, Shown& shown) {
  const int count = shown.hint_count();
  if (shown.hints == count) {
    shown.message = count == 0 ? "This stage has no hints." : "That was the last hint. d compares with the solution.";
    return;
  }
  context.progress.mark_hints(shown.stage->name, ++shown.hints);
  shown.scroll = far_away;  // to the new hint
}

void show_text(Shown& shown, char key, std::vector<std::string> lines) {
  shown.opened_by = key;
  shown.text = std::move(lines);
  shown.open(View::text);
}

void show_full_text(const Context& context, Shown& shown, Window window) {
  if (!shown.verdict) return;
  std::vector<std::string> lines;
  for (const auto& each : wrap("$ " + shown.verdict->command, window.columns, "", "    "))
    lines.push_back(context.paint.dim(each));
  lines.emplace_back();
  for (const auto line : split_lines(shown.verdict->full_text)) {
    if (line.starts_with("# story")) continue;  // t shows it
    // Source and its caret keep their columns; only what is too long is wrapped.
    if (width_of(line) <= window.columns || line.find(" | ") != std::string_view::npos) {
      lines.push_back(cut_to_width(line, window.columns));
    } else {
      for (auto& each : fold(line, window.columns)) lines.push_back(std::move(each));
    }
  }
  show_text(shown, 'e', std::move(lines));
}

void show_difference(const Context& context, Shown& shown) {
  if (!shown.passes() && !shown.answer_asked) {
    shown.answer_asked = true;
    shown.message = "The comparison shows the answer. Press d again to see it.";
    return;
  }
  try {
    const auto diff = diff_with_solution(context.course, *shown.stage);
    if (diff.empty())
      shown.message = "Yours is the same as the solution, letter for letter.";
    else
      show_text(shown, 'd', diff_lines(diff, context.paint));
  } catch (const std::exception& error) {
    shown.message = error.what();
  }
}

void show_story(const Context& context, Shown& shown) {
  if (!shown.verdict || !shown.verdict->has_story) return;
  auto story = read_story(shown.verdict->full_text);
  if (story.steps.empty()) {  // as without addr2line
    shown.message = "The steps of this schedule cannot be told.";
    return;
  }
  shown.player = open_player(std::move(story), [&](const std::string& file) {
    const auto path = context.course.root() / file;
    return is_file(path) ? printable(read_file(path)) : std::string();
  });
  shown.open(View::story);
}

// The list scrolls to what is selected.
void show_list(const Context& context, Shown& shown) {
  shown.view = View::list;
  shown.selected = static_cast<int>(context.course.index_of(*shown.stage));
}

Wish go_by(int stages, const Context& context, Shown& shown) {
  const auto index = static_cast<int>(context.course.index_of(*shown.stage)) + stages;
  const auto count = static_cast<int>(context.course.stages().size());
  if (index >= 0 && index < count) return GoTo{static_cast<std::size_t>(index)};
  shown.message = index < 0 ? "This is the first stage." : "This is the last stage.";
  return {};
}

Wish press_on_stage(const Context& context, Shown& shown, KeyPress pressed, Window window) {
  if (scrolled(shown, pressed, window)) return {};
  const char letter = pressed.letter;
  if (letter == 'h') show_next_hint(context, shown);
  if (letter == 'e') show_full_text(context, shown, window);
  if (letter == 'd') show_difference(context, shown);
  if (letter == 't') show_story(context, shown);
  if (letter == 'l') show_list(context, shown);
  if (letter == 's') return ServeOrEnd{};
  if (letter == 'r') return CheckAgain{};
  if (letter == 'n') return go_by(1, context, shown);
  if (letter == 'p') return go_by(-1, context, shown);
  if (letter == 'q') return Quit{};
  return {};
}

Wish press_on_list(const Context& context, Shown& shown, KeyPress pressed) {
  const int last = static_cast<int>(context.course.stages().size()) - 1;
  if (pressed.key == Key::up || pressed.letter == 'k') shown.selected = std::max(0, shown.selected - 1);
  if (pressed.key == Key::down || pressed.letter == 'j') shown.selected = std::min(last, shown.selected + 1);
  if (pressed.key == Key::home) shown.selected = 0;
  if (pressed.key == Key::end) shown.selected = last;
  if (pressed.key == Key::enter) {
    const auto selected = static_cast<std::size_t>(shown.selected);
    if (selected != context.course.index_of(*shown.stage)) return GoTo{selected};
    shown.open(View::stage);
  }
  if (leaves(pressed) || pressed.letter == 'l') shown.open(View::stage);
  return {};
}

Wish press_in_story(Shown& shown, KeyPress pressed) {
  const char letter = pressed.letter;
  const auto is = [&](Key one, Key other) { return pressed.key == one || pressed.key == other; };
  if (is(Key::right, Key::down) || letter == ' ' || letter == 'j') move(shown.player, 1);
  if (is(Key::left, Key::up) || letter == 'b' || letter == 'k') move(shown.player, -1);
  if (pressed.key == Key::home || letter == 'g') move(shown.player, -far_away);
  if (pressed.key == Key::end || letter == 'G') move(shown.player, far_away);
  if (leaves(pressed) || letter == 't') shown.open(View::stage);
  return {};
}

}  // namespace

Wish press(const Context& context, Shown& shown, KeyPress pressed, Window window) {
  if (pressed.key == Key::interrupt) return Quit{};
  if (pressed.letter != 'd') shown.answer_asked = false;
  shown.message.clear();
  if (pressed.key == Key::paste) shown.message = "Pasted text is left out: here each letter is a key.";
  if (pressed.key == Key::suspend) return Suspend{};
  if (shown.view == View::stage) return press_on_stage(context, shown, pressed, window);
  if (shown.view == View::list) return press_on_list(context, shown, pressed);
  if (shown.view == View::story) return press_in_story(shown, pressed);
  const bool goes_back = leaves(pressed) || pressed.letter == shown.opened_by;
  if (!scrolled(shown, pressed, window) && goes_back) shown.open(View::stage);
  return {};
}

}  // namespace runner
