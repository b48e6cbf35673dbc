#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "pictures/timeline.hpp"
#include "text/text.hpp"

namespace runner {
namespace {

constexpr int name_columns = 9;
constexpr int words_columns = 16;
constexpr int fewest_columns = 8;  // of a lane

struct TimelineMarks {
  std::string_view waiting;
  std::string_view served;
  std::string_view silent;
  std::string_view failed;
};
constexpr TimelineMarks block_marks{"░", "█", "─", "×"};
constexpr TimelineMarks ascii_marks{".", "#", "-", "x"};

class TextPicture {
 public:
  TextPicture(const TimeScale& scale, int width, bool unicode, const Paint& paint)
      : scale_(scale),
        columns_(std::max(width - name_columns - words_columns, fewest_columns)),
        marks_(unicode ? block_marks : ascii_marks),
        paint_(paint) {}

  // The numbers of the time scale, each beginning in its column.
  std::string axis() const {
    std::string line(name_columns, ' ');
    const std::size_t end = name_columns + static_cast<std::size_t>(columns_) + words_columns;
    for (auto time = std::chrono::milliseconds(0); time <= scale_.length; time += scale_.tick) {
      const auto number = time.count() == 0 ? std::string("0 ms") : std::to_string(time.count());
      const auto start = name_columns + static_cast<std::size_t>(column_at(time));
      if (time.count() != 0 && line.size() >= start) continue;  // no room for it
      if (start + number.size() > end) break;
      line.resize(start, ' ');
      line += number;
    }
    return paint_.dim(line);
  }

  std::string lane(const Lane& lane) const {
    const int begin = column_at(lane.began);
    const int end = std::clamp(column_after(lane.ended), begin + 1, columns_);  // one past the last
    auto line = fmt::format("{:<{}}{}", lane.name, name_columns, std::string(static_cast<std::size_t>(begin), ' '));
    if (lane.client == Client::silent) {
      line += paint_.dim(repeated(marks_.silent, end - begin));
    } else if (lane.ending == Ending::answered) {
      const int served = std::clamp(column_at(lane.served), begin, end - 1);
      if (served > begin) line += paint_.yellow(repeated(marks_.waiting, served - begin));
      line += paint_.green(repeated(marks_.served, end - served));
    } else {
      if (end - begin > 1) line += paint_.yellow(repeated(marks_.waiting, end - begin - 1));
      line += paint_.red(marks_.failed);
    }
    const auto blanks = std::string(static_cast<std::size_t>(columns_ - end + 2), ' ');
    const bool well = lane.ending == Ending::answered || lane.ending == Ending::left;
    return line + blanks + (well ? words_beside(lane) : paint_.red(words_beside(lane)));
  }

  // Where the server was asked to stop, beside the lanes.
  std::string stop_line(std::chrono::microseconds stopped) const {
    const auto blanks = std::string(static_cast<std::size_t>(column_at(stopped)), ' ');
    return fmt::format("{:<{}}{}{}", "SIGTERM", name_columns, blanks, paint_.red("|"));
  }

  // In one line, or in two where that is too long.
  std::vector<std::string> legend(int width) const {
    const auto well =
        fmt::format("{} waiting   {} being served", paint_.yellow(marks_.waiting), paint_.green(marks_.served));
    const auto other =
        fmt::format("{} says nothing   {} no page", paint_.dim(marks_.silent), paint_.red(marks_.failed));
    const auto both = well + "   " + other;
    return width_of(both) <= width ? std::vector{both} : std::vector{well, other};
  }

 private:
  // The column in which a time lies.
  int column_at(std::chrono::microseconds time) const {
    return std::clamp(static_cast<int>(time.count() * columns_ / scale_.length.count()), 0, columns_ - 1);
  }

  // The first column that begins at this time or after it.
  int column_after(std::chrono::microseconds time) const {
    const auto length = scale_.length.count();
    return static_cast<int>((time.count() * columns_ + length - 1) / length);
  }

  static std::string repeated(std::string_view mark, int times) {
    std::string text;
    for (int i = 0; i < times; ++i) text += mark;
    return text;
  }

  TimeScale scale_;
  int columns_;
  TimelineMarks marks_;
  const Paint& paint_;
};

}  // namespace

bool shows_unicode() {
  const auto variable = [](const char* name) {
    const char* value = std::getenv(name);
    return std::string(value != nullptr ? value : "");
  };
  if (variable("TERM") == "dumb") return false;
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {  // the first that is set decides (POSIX, 8.2)
    const auto locale = variable(name);
    if (locale.empty()) continue;
    return strcasestr(locale.c_str(), "utf-8") != nullptr || strcasestr(locale.c_str(), "utf8") != nullptr;
  }
  return false;
}

std::vector<std::string> timeline_text(const std::vector<Timeline>& timelines, int width, bool unicode,
                                       const Paint& paint) {
  const TextPicture picture(scale_of(timelines), width, unicode, paint);
  std::vector<std::string> lines;
  for (const auto& timeline : timelines) {
    lines.push_back(paint.bold(cut_to_width(timeline.title, width)));
    if (!timeline.lanes.empty()) {
      lines.push_back(picture.axis());
      if (timeline.stopped) lines.push_back(picture.stop_line(*timeline.stopped));
      for (const auto& lane : rows_of(timeline.lanes)) lines.push_back(picture.lane(lane));
      for (auto& line : wrap(summary_of(timeline.lanes), width)) lines.push_back(std::move(line));
    }
    if (!timeline.note.empty()) {
      for (auto& line : wrap(timeline.note, width)) lines.push_back(std::move(line));
    }
    lines.emplace_back();
  }
  const bool any = std::ranges::any_of(timelines, [](const auto& each) { return !each.lanes.empty(); });
  if (!any) return lines;
  for (auto& line : picture.legend(width)) lines.push_back(std::move(line));
  return lines;
}

}  // namespace runner
