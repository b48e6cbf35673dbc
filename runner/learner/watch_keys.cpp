#include <algorithm>

#include "learner/screen.hpp"
#include "learner/watch_session.hpp"
#include "text/text.hpp"

namespace runner {

void Watch::press(KeyPress pressed) {
  if (quitting_) return;  // typed before the screen was gone
  if (pressed.key == Key::interrupt) return quit();
  if (pressed.key == Key::suspend) terminal_->suspend();
  if (pressed.letter != 'd') answer_asked_ = false;
  message_.clear();
  if (pressed.key == Key::paste) message_ = "Pasted text is left out: here each letter is a key.";
  if (view_ == View::stage)
    press_on_stage(pressed);
  else if (view_ == View::list)
    press_on_list(pressed);
  else
    press_on_text(pressed);
  draw();
}

void Watch::press_on_stage(KeyPress pressed) {
  if (scrolled(pressed)) return;
  switch (pressed.letter) {
    case 'h':
      return next_hint();
    case 'e':
      return show_full_text();
    case 'd':
      return show_difference();
    case 'l':
      view_ = View::list;
      selected_ = static_cast<int>(index_);
      return;
    case 's':
      return serving_.empty() && !starting_ ? start_serving() : stop_serving();
    case 'r':
      return start_check();
    case 'n':
      return move(index_ + 1 < context_.course.stages().size(), index_ + 1, "This is the last stage.");
    case 'p':
      return move(index_ > 0, index_ - 1, "This is the first stage.");
    case 'q':
      return quit();
    default:
      return;
  }
}

void Watch::press_on_list(KeyPress pressed) {
  const int last = static_cast<int>(context_.course.stages().size()) - 1;
  if (pressed.key == Key::up || pressed.letter == 'k') selected_ = std::max(0, selected_ - 1);
  if (pressed.key == Key::down || pressed.letter == 'j') selected_ = std::min(last, selected_ + 1);
  if (pressed.key == Key::home) selected_ = 0;
  if (pressed.key == Key::end) selected_ = last;
  if (pressed.key == Key::enter) {
    if (selected_ != static_cast<int>(index_)) return move(true, static_cast<std::size_t>(selected_), "");
    view_ = View::stage;
  }
  if (leaves(pressed) || pressed.letter == 'l') view_ = View::stage;
  if (view_ == View::stage) scroll_ = 0;
}

void Watch::press_on_text(KeyPress pressed) {
  if (scrolled(pressed)) return;
  if (leaves(pressed) || pressed.letter == opened_by_) {
    view_ = View::stage;
    scroll_ = 0;
  }
}

bool Watch::leaves(KeyPress pressed) {
  return pressed.key == Key::escape || pressed.letter == 'q';
}

bool Watch::scrolled(KeyPress pressed) {
  const int page = std::max(1, terminal_->rows() - 4);
  int by = 0;
  if (pressed.key == Key::up || pressed.letter == 'k') by = -1;
  if (pressed.key == Key::down || pressed.letter == 'j') by = 1;
  if (pressed.key == Key::page_up || pressed.letter == 'b') by = -page;
  if (pressed.key == Key::page_down || pressed.letter == ' ') by = page;
  if (pressed.key == Key::home || pressed.letter == 'g') by = -1'000'000;
  if (pressed.key == Key::end || pressed.letter == 'G') by = 1'000'000;
  scroll_ = std::max(0, scroll_ + by);
  return by != 0;
}

void Watch::move(bool possible, std::size_t index, std::string_view otherwise) {
  if (!possible) {
    message_ = otherwise;
    return;
  }
  if (checking_) check_stop_.request_stop();
  index_ = index;
  enter();
}

void Watch::next_hint() {
  const int count = lesson_ ? static_cast<int>(lesson_->hints.size()) : 0;
  if (hints_ == count) {
    message_ = count == 0 ? "This stage has no hints." : "That was the last hint. d compares with the solution.";
    return;
  }
  context_.progress.mark_hints(stage().name, ++hints_);
  scroll_ = 1'000'000;  // to the new hint
}

void Watch::open(char key, std::vector<std::string> lines) {
  opened_by_ = key;
  text_ = std::move(lines);
  view_ = View::text;
  scroll_ = 0;
}

void Watch::show_full_text() {
  if (!verdict_) return;
  std::vector<std::string> lines;
  const auto width = terminal_->columns();
  for (const auto& each : wrap("$ " + verdict_->command, width, "", "    ")) lines.push_back(context_.paint.dim(each));
  lines.emplace_back();
  for (const auto line : split_lines(verdict_->full_text)) {
    // Source and its caret keep their columns; only what is too long is wrapped.
    if (width_of(line) <= width || line.find(" | ") != std::string_view::npos) {
      lines.push_back(cut_to_width(line, width));
    } else {
      for (auto& each : fold(line, width)) lines.push_back(std::move(each));
    }
  }
  open('e', std::move(lines));
}

void Watch::show_difference() {
  if (!(verdict_ && verdict_->passes()) && !answer_asked_) {
    answer_asked_ = true;
    message_ = "The comparison shows the answer. Press d again to see it.";
    return;
  }
  try {
    const auto diff = diff_with_solution(context_.course, stage());
    if (diff.empty())
      message_ = "Yours is the same as the solution, letter for letter.";
    else
      open('d', diff_lines(diff, context_.paint));
  } catch (const std::exception& error) {
    message_ = error.what();
  }
}

}  // namespace runner
