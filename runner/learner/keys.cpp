#include "learner/keys.hpp"

#include <algorithm>
#include <exception>
#include <string>
#include <utility>

#include "learner/screen.hpp"
#include "text/text.hpp"

namespace runner {
namespace {

constexpr int far_away = 1'000'000;  // lines; the page's end is nearer

bool leaves(KeyPress pressed) {
  return pressed.key == Key::escape || pressed.letter == 'q';
}

}  // namespace

Wish Keys::press(KeyPress pressed, Window window) {
  if (pressed.key == Key::interrupt) return Quit{};
  if (pressed.letter != 'd') shown_.answer_asked = false;
  shown_.message.clear();
  if (pressed.key == Key::paste) shown_.message = "Pasted text is left out: here each letter is a key.";
  if (pressed.key == Key::suspend) return Suspend{};
  if (shown_.view == View::stage) return press_on_stage(pressed, window);
  if (shown_.view == View::list) return press_on_list(pressed);
  press_on_text(pressed, window);
  return {};
}

Wish Keys::press_on_stage(KeyPress pressed, Window window) {
  if (scrolled(pressed, window)) return {};
  switch (pressed.letter) {
    case 'h':
      next_hint();
      return {};
    case 'e':
      show_full_text(window);
      return {};
    case 'd':
      show_difference();
      return {};
    case 'l':
      show_list();
      return {};
    case 's':
      return ServeOrEnd{};
    case 'r':
      return CheckAgain{};
    case 'n':
      return next_stage();
    case 'p':
      return stage_before();
    case 'q':
      return Quit{};
    default:
      return {};
  }
}

Wish Keys::press_on_list(KeyPress pressed) {
  const int last = static_cast<int>(context_.course.stages().size()) - 1;
  if (pressed.key == Key::up || pressed.letter == 'k') shown_.selected = std::max(0, shown_.selected - 1);
  if (pressed.key == Key::down || pressed.letter == 'j') shown_.selected = std::min(last, shown_.selected + 1);
  if (pressed.key == Key::home) shown_.selected = 0;
  if (pressed.key == Key::end) shown_.selected = last;
  if (pressed.key == Key::enter) {
    const auto selected = static_cast<std::size_t>(shown_.selected);
    if (selected != context_.course.index_of(*shown_.stage)) return GoTo{selected};
    shown_.open(View::stage);
  }
  if (leaves(pressed) || pressed.letter == 'l') shown_.open(View::stage);
  return {};
}

void Keys::press_on_text(KeyPress pressed, Window window) {
  if (scrolled(pressed, window)) return;
  if (leaves(pressed) || pressed.letter == shown_.opened_by) shown_.open(View::stage);
}

bool Keys::scrolled(KeyPress pressed, Window window) {
  const int page = std::max(1, window.rows - 4);
  int by = 0;
  if (pressed.key == Key::up || pressed.letter == 'k') by = -1;
  if (pressed.key == Key::down || pressed.letter == 'j') by = 1;
  if (pressed.key == Key::page_up || pressed.letter == 'b') by = -page;
  if (pressed.key == Key::page_down || pressed.letter == ' ') by = page;
  if (pressed.key == Key::home || pressed.letter == 'g') by = -far_away;
  if (pressed.key == Key::end || pressed.letter == 'G') by = far_away;
  shown_.scroll = std::max(0, shown_.scroll + by);
  return by != 0;
}

Wish Keys::next_stage() {
  const auto next = context_.course.index_of(*shown_.stage) + 1;
  if (next < context_.course.stages().size()) return GoTo{next};
  shown_.message = "This is the last stage.";
  return {};
}

Wish Keys::stage_before() {
  const auto index = context_.course.index_of(*shown_.stage);
  if (index > 0) return GoTo{index - 1};
  shown_.message = "This is the first stage.";
  return {};
}

void Keys::next_hint() {
  const int count = shown_.hint_count();
  if (shown_.hints == count) {
    shown_.message = count == 0 ? "This stage has no hints." : "That was the last hint. d compares with the solution.";
    return;
  }
  context_.progress.mark_hints(shown_.stage->name, ++shown_.hints);
  shown_.scroll = far_away;  // to the new hint
}

// The list scrolls to what is selected.
void Keys::show_list() {
  shown_.view = View::list;
  shown_.selected = static_cast<int>(context_.course.index_of(*shown_.stage));
}

void Keys::show_text(char key, std::vector<std::string> lines) {
  shown_.opened_by = key;
  shown_.text = std::move(lines);
  shown_.open(View::text);
}

void Keys::show_full_text(Window window) {
  if (!shown_.verdict) return;
  std::vector<std::string> lines;
  for (const auto& each : wrap("$ " + shown_.verdict->command, window.columns, "", "    "))
    lines.push_back(context_.paint.dim(each));
  lines.emplace_back();
  for (const auto line : split_lines(shown_.verdict->full_text)) {
    // Source and its caret keep their columns; only what is too long is wrapped.
    if (width_of(line) <= window.columns || line.find(" | ") != std::string_view::npos) {
      lines.push_back(cut_to_width(line, window.columns));
    } else {
      for (auto& each : fold(line, window.columns)) lines.push_back(std::move(each));
    }
  }
  show_text('e', std::move(lines));
}

void Keys::show_difference() {
  if (!shown_.passes() && !shown_.answer_asked) {
    shown_.answer_asked = true;
    shown_.message = "The comparison shows the answer. Press d again to see it.";
    return;
  }
  try {
    const auto diff = diff_with_solution(context_.course, *shown_.stage);
    if (diff.empty())
      shown_.message = "Yours is the same as the solution, letter for letter.";
    else
      show_text('d', diff_lines(diff, context_.paint));
  } catch (const std::exception& error) {
    shown_.message = error.what();
  }
}

}  // namespace runner
