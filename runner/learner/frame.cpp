#include "learner/frame.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "learner/screen.hpp"
#include "text/text.hpp"

namespace runner {
namespace {

ListPage list_of(const Context& context, const Shown& shown, int width) {
  return list_page(context.course, context.progress.read(), width, context.paint, shown.selected);
}

std::vector<std::string> page_of(const Context& context, const Shown& shown, int width) {
  const Page page{.course = context.course,
                  .stage = *shown.stage,
                  .lesson = shown.lesson ? &*shown.lesson : nullptr,
                  .verdict = shown.verdict ? &*shown.verdict : nullptr,
                  .hints = shown.hints,
                  .untouched = shown.untouched,
                  .was_done = shown.was_done,
                  .activity = shown.activity,
                  .keys = true,
                  .base_mine = context.base_mine(),
                  .below = shown.below};
  return stage_page(page, width, context.paint);
}

std::vector<std::string> foot_of(const Context& context, const Shown& shown, int width) {
  const auto& paint = context.paint;
  std::vector<std::string> lines;
  const auto add = [&](const std::string& text) {
    if (text.empty()) return;
    for (const auto& each : wrap(text, width)) lines.push_back(paint.yellow(each));
  };
  add(shown.message);
  add(shown.serving);
  if (shown.polls) add("This file system has no file events: looking twice a second.");
  if (shown.view == View::text) {
    lines.push_back(paint.dim("arrows, space, b scroll; q goes back"));
    return lines;
  }
  if (shown.view == View::list) {
    const auto& selected = context.course.stages()[static_cast<std::size_t>(shown.selected)];
    add(render_inline(about(context.course, selected)));
    lines.push_back(paint.dim("arrows choose, enter goes there, q goes back"));
    return lines;
  }
  if (shown.checking && shown.verdict)
    lines.push_back(paint.cyan(shown.told_early ? "running the other tests …" : "checking again …"));
  const auto keys = key_lines(width, paint, shown.passes(), shown.hint_count(), shown.hints);
  lines.insert(lines.end(), keys.begin(), keys.end());
  return lines;
}

void append(std::vector<std::string>& lines, const std::vector<std::string>& more) {
  lines.insert(lines.end(), more.begin(), more.end());
}

}  // namespace

std::vector<std::string> frame(const Context& context, Shown& shown, Window window) {
  const auto foot = foot_of(context, shown, window.columns);
  const int room = std::max(1, window.rows - static_cast<int>(foot.size()) - 1);
  std::vector<std::string> lines;
  if (shown.view == View::list) {
    auto list = list_of(context, shown, window.columns);
    shown.scroll = std::max(0, list.selected + 2 - room);
    lines = std::move(list.lines);
  } else {
    lines = shown.view == View::text ? shown.text : page_of(context, shown, window.columns);
  }
  const int hidden = std::max(0, static_cast<int>(lines.size()) - room);
  shown.scroll = std::min(shown.scroll, hidden);
  lines.erase(lines.begin(), lines.begin() + shown.scroll);
  if (static_cast<int>(lines.size()) > room) {
    lines.resize(static_cast<std::size_t>(room));
    lines.push_back(context.paint.dim(fmt::format("↓ {} more: space", counted(hidden - shown.scroll, "line"))));
  } else {
    lines.emplace_back();
  }
  append(lines, foot);
  return lines;
}

std::vector<std::string> whole_frame(const Context& context, const Shown& shown, Window window) {
  std::vector<std::string> lines;
  if (shown.view == View::list)
    lines = list_of(context, shown, window.columns).lines;
  else
    lines = shown.view == View::text ? shown.text : page_of(context, shown, window.columns);
  append(lines, foot_of(context, shown, window.columns));
  lines.emplace_back();
  return lines;
}

}  // namespace runner
