#include <fmt/core.h>

#include <algorithm>

#include "pictures/timeline.hpp"
#include "text/text.hpp"

namespace runner {
namespace {

// In pixels.
constexpr int picture_width = 760;
constexpr int margin = 20;
constexpr int lanes_left = 80;
constexpr int lanes_right = 630;
constexpr int lane_height = 18;
constexpr int bar_height = 12;
constexpr int heading_height = 44;  // of a server: its title and the time scale
constexpr int line_height = 18;     // of its last lines
constexpr int footing_height = 16;  // between two servers
constexpr int legend_height = 60;   // with the heading above it
constexpr double narrowest_bar = 4;
constexpr int letters_in_line = 100;

constexpr std::string_view heading = "The same requests, sent at the same times";

constexpr std::string_view style = R"(<style>
  text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328 }
  .title { font-weight: 600; font-size: 15px }
  .dim { fill: #59636e; font-size: 11px }
  .page { fill: #ffffff; stroke: #d1d9e0 }
  .tick { stroke: #d1d9e0 }
  .waiting { fill: #f5d78e; stroke: #b98a18; stroke-width: 0.6 }
  .served { fill: #0969da }
  .silent { fill: #9aa4ae }
  .failed, .stop { stroke: #cf222e; stroke-width: 2 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .dim { fill: #9198a1 }
    .page { fill: #0d1117; stroke: #3d444d }
    .tick { stroke: #3d444d }
    .waiting { fill: #5c4308; stroke: #d29922 }
    .served { fill: #58a6ff }
    .silent { fill: #6e7681 }
    .failed, .stop { stroke: #ff7b72 }
  }
</style>
)";

std::string escaped(std::string_view text) {
  return replaced(replaced(replaced(text, "&", "&amp;"), "<", "&lt;"), ">", "&gt;");
}

class SvgPicture {
 public:
  explicit SvgPicture(const TimeScale& scale) : scale_(scale) {}

  void title(const std::vector<Timeline>& timelines) {
    std::vector<std::string> titles;
    std::string words;
    for (const auto& timeline : timelines) {
      titles.push_back(timeline.title);
      words += timeline.title + ": " + (timeline.lanes.empty() ? timeline.note : summary_of(timeline.lanes)) + "\n";
    }
    text_ += fmt::format("<title>{}: {}</title>\n<desc>{}</desc>\n", heading, escaped(join(titles, "; ")),
                         escaped(trimmed(words)));
  }

  void legend() {
    words_at(margin, y_ + 12, heading, "title");
    const int top = y_ + 22;
    int x = margin;
    const auto entry = [&](std::string_view name, std::string_view words, int width) {
      if (name == "failed")
        cross(x + 8, top + 10);
      else
        bar(name, x, top + 4, name == "served" ? 16 : 22);
      words_at(x + 28, top + 15, words);
      x += width;
    };
    entry("waiting", "waiting", 110);
    entry("served", "being served", 140);
    entry("silent", "connected, says nothing", 210);
    entry("failed", "no page", 0);
    y_ += legend_height;
  }

  void server(const Timeline& timeline) {
    words_at(margin, y_ + 14, timeline.title, "title");
    if (timeline.lanes.empty()) {
      y_ += line_height;
      return last_lines(timeline.note);
    }
    y_ += heading_height;
    const auto rows = rows_of(timeline.lanes);
    const int height = lane_height * static_cast<int>(rows.size());
    for (auto time = std::chrono::milliseconds(0); time <= scale_.length; time += scale_.tick) {
      text_ += fmt::format("<line class=\"tick\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1}\" y2=\"{2}\"/>\n", x_of(time),
                           y_ - 4, y_ + height);
      words_at(x_of(time), y_ - 8, fmt::format("{} ms", time.count()), "dim\" text-anchor=\"middle");
    }
    if (timeline.stopped) {
      text_ += fmt::format("<line class=\"stop\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1}\" y2=\"{2}\"/>\n",
                           x_of(*timeline.stopped), y_ - 4, y_ + height + 14);
      words_at(x_of(*timeline.stopped) + 4, y_ + height + 12, "SIGTERM", "dim");
    }
    for (const auto& lane : rows) {
      this->lane(lane);
      y_ += lane_height;
    }
    if (timeline.stopped) y_ += line_height;
    last_lines(summary_of(timeline.lanes) + "\n" + timeline.note);
  }

  std::string take() const {
    return fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\">\n"
        "{2}<rect class=\"page\" x=\"0.5\" y=\"0.5\" width=\"{3}\" height=\"{4}\" rx=\"8\"/>\n{5}</svg>\n",
        picture_width, y_ + 6, style, picture_width - 1, y_ + 5, text_);
  }

 private:
  double x_of(std::chrono::microseconds time) const {
    return lanes_left +
           static_cast<double>(time.count()) * (lanes_right - lanes_left) / static_cast<double>(scale_.length.count());
  }

  void last_lines(std::string_view words) {
    for (const auto& line : wrap(trimmed(words), letters_in_line)) {
      words_at(margin, y_ + 14, line);
      y_ += line_height;
    }
    y_ += footing_height;
  }

  void lane(const Lane& lane) {
    const int top = y_ + (lane_height - bar_height) / 2;
    words_at(margin, y_ + 13, lane.name);
    words_at(lanes_right + 14, y_ + 13, words_beside(lane));
    const double begin = x_of(lane.began);
    const double end = std::max(x_of(lane.ended), begin + narrowest_bar);
    if (lane.client == Client::silent) return bar("silent", begin, top + bar_height / 2 - 1, end - begin, 3);
    const bool well = lane.ending == Ending::answered;
    const double served = well ? std::min(x_of(lane.served), end - narrowest_bar) : x_of(lane.ended);
    if (served - begin > 1) bar("waiting", begin, top, served - begin);
    if (well) bar("served", served, top, end - served);
    if (!well) cross(served, top + bar_height / 2);
  }

  void bar(std::string_view name, double x, int y, double width, int height = bar_height) {
    text_ += fmt::format("<rect class=\"{}\" x=\"{:.1f}\" y=\"{}\" width=\"{:.1f}\" height=\"{}\"/>\n", name, x, y,
                         width, height);
  }

  void cross(double x, int y) {
    text_ += fmt::format("<path class=\"failed\" d=\"M{0:.1f} {1} l8 8 m0 -8 l-8 8\"/>\n", x - 4, y - 4);
  }

  void words_at(double x, int y, std::string_view words, std::string_view name = "") {
    const auto attribute = name.empty() ? std::string() : fmt::format(" class=\"{}\"", name);
    text_ += fmt::format("<text{} x=\"{:.1f}\" y=\"{}\">{}</text>\n", attribute, x, y, escaped(words));
  }

  TimeScale scale_;
  std::string text_;
  int y_ = margin - 6;
};

}  // namespace

std::string timeline_svg(const std::vector<Timeline>& timelines) {
  SvgPicture picture(scale_of(timelines));
  picture.title(timelines);
  picture.legend();
  for (const auto& timeline : timelines) picture.server(timeline);
  return picture.take();
}

}  // namespace runner
