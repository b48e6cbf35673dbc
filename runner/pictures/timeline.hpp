#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pictures/scene.hpp"
#include "text/paint.hpp"

namespace runner {

/// What one server made of the scene.
struct Timeline {
  std::string title;                                   // "08 site, your version"
  std::vector<Lane> lanes;                             // in the order in which they began
  std::string note;                                    // what the reader must know besides; may be empty
  std::optional<std::chrono::microseconds> stopped{};  // when the server was asked to stop
};

/// The time scale that several pictures share.
struct TimeScale {
  std::chrono::microseconds length{0};  // never 0
  std::chrono::milliseconds tick{0};    // between two numbers; at most six of them
};
TimeScale scale_of(const std::vector<Timeline>& timelines);

/// The lanes to be drawn. Of many, fast ones that ended alike are one, "64 fast", which waited as long as its last.
std::vector<Lane> rows_of(const std::vector<Lane>& lanes);
/// How long a lane waited until it was served, or until it ended without.
std::chrono::milliseconds wait_of(const Lane& lane);
/// What stands beside a lane: "waited 650 ms", "left", "cut off".
std::string words_beside(const Lane& lane);
/// The last line: "6 fast requests: waited 650 ms in the middle, 750 ms at most."
std::string summary_of(const std::vector<Lane>& lanes);

/// Whether Unicode's blocks can be shown, by the locale's variables and TERM.
bool shows_unicode();

/// The pictures one under the other as lines of at most `width` columns, and a line that says what the marks mean.
std::vector<std::string> timeline_text(const std::vector<Timeline>& timelines, int width, bool unicode,
                                       const Paint& paint);

/// The same as an SVG that stands on its own: no fonts and no scripts, readable on light and on dark pages.
std::string timeline_svg(const std::vector<Timeline>& timelines);

}  // namespace runner
