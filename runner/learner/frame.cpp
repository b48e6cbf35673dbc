#include "learner/frame.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "text/markdown.hpp"
#include "text/text.hpp"

namespace runner {
namespace {

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
  if (shown.view == View::story) {
    lines.push_back(paint.dim("→ a step on, ← back, g the first, G the last, q goes back"));
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
  const auto keys = key_lines(shown, width, paint);
  lines.insert(lines.end(), keys.begin(), keys.end());
  return lines;
}

}  // namespace

std::vector<std::string> frame(const Context& context, Shown& shown, Window window, bool screen) {
  const auto foot = foot_of(context, shown, window.columns);
  const int room = std::max(1, window.rows - static_cast<int>(foot.size()) - 1);
  std::vector<std::string> lines;
  if (shown.view == View::list) {
    auto list = list_page(context, window.columns, shown.selected);
    shown.scroll = std::max(0, list.selected + 2 - room);
    lines = std::move(list.lines);
  } else {
    lines = shown.view == View::text    ? shown.text
            : shown.view == View::story ? player_lines(shown.player, window.columns, room, context.paint)
                                        : stage_page(context, shown, window.columns);
  }
  if (screen) {
    const int hidden = std::max(0, static_cast<int>(lines.size()) - room);
    shown.scroll = std::min(shown.scroll, hidden);
    lines.erase(lines.begin(), lines.begin() + shown.scroll);
    const int below = hidden - shown.scroll;
    lines.resize(lines.size() - static_cast<std::size_t>(below));
    lines.push_back(below > 0 ? context.paint.dim(fmt::format("↓ {} more: space", counted(below, "line"))) : "");
  }
  lines.insert(lines.end(), foot.begin(), foot.end());
  if (!screen) lines.emplace_back();
  return lines;
}

}  // namespace runner
