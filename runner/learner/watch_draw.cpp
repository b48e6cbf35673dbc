#include <fmt/core.h>

#include <algorithm>

#include "learner/screen.hpp"
#include "learner/watch_session.hpp"
#include "text/text.hpp"

namespace runner {

std::string Watch::activity() {
  const std::lock_guard lock(mutex_);
  return activity_;
}

std::vector<std::string> Watch::body(int width) {
  if (view_ == View::list) {
    auto [lines, selected] = list_page(context_.course, context_.progress.read(), width, context_.paint, selected_);
    const int room = terminal_->rows() - static_cast<int>(foot(width).size()) - 1;
    scroll_ = std::max(0, selected + 2 - room);
    return lines;
  }
  if (view_ == View::text) return text_;
  return stage_page({context_.course, stage(), lesson(), verdict_ ? &*verdict_ : nullptr, hints_, untouched_, was_done_,
                     activity(), true, context_.base_mine, below_},
                    width, context_.paint);
}

std::vector<std::string> Watch::foot(int width) {
  std::vector<std::string> lines;
  const auto add = [&](const std::string& text) {
    if (!text.empty()) {
      for (const auto& each : wrap(text, width)) lines.push_back(context_.paint.yellow(each));
    }
  };
  add(message_);
  add(serving_);
  if (saves_.polls()) add("This file system has no file events: looking twice a second.");
  if (view_ == View::text)
    lines.push_back(context_.paint.dim("arrows, space, b scroll; q goes back"));
  else if (view_ == View::list) {
    const auto what = about(context_.course, context_.course.stages()[static_cast<std::size_t>(selected_)]);
    if (!what.empty()) add(render_inline(what));
    lines.push_back(context_.paint.dim("arrows choose, enter goes there, q goes back"));
  } else {
    if (checking_ && verdict_) {
      lines.push_back(context_.paint.cyan(told_early_ ? "running the other tests …" : "checking again …"));
    }
    const int hints = lesson_ ? static_cast<int>(lesson_->hints.size()) : 0;
    for (auto& each : key_lines(width, context_.paint, verdict_ && verdict_->passes(), hints, hints_)) {
      lines.push_back(std::move(each));
    }
  }
  return lines;
}

void Watch::draw() {
  if (terminal_ == nullptr || quitting_) return;
  const int width = terminal_->columns();
  auto lines = body(width);
  const auto bottom = foot(width);
  if (!screen_) {  // nothing is drawn in place: each finished check, and each answer to a key, is added once
    if (checking_ && view_ == View::stage) return;
    lines.insert(lines.end(), bottom.begin(), bottom.end());
    lines.emplace_back();
    return terminal_->draw(lines);
  }
  const int room = std::max(1, terminal_->rows() - static_cast<int>(bottom.size()) - 1);
  const int hidden = std::max(0, static_cast<int>(lines.size()) - room);
  scroll_ = std::min(scroll_, hidden);
  lines.erase(lines.begin(), lines.begin() + scroll_);
  if (static_cast<int>(lines.size()) > room) {
    lines.resize(static_cast<std::size_t>(room));
    lines.push_back(context_.paint.dim(fmt::format("↓ {} more: space", counted(hidden - scroll_, "line"))));
  } else {
    lines.emplace_back();
  }
  lines.insert(lines.end(), bottom.begin(), bottom.end());
  terminal_->draw(lines);
}

}  // namespace runner
