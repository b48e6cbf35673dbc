#include "pictures/timeline.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "text/text.hpp"

namespace runner {

using std::chrono::microseconds;
using std::chrono::milliseconds;

TimeScale scale_of(const std::vector<Timeline>& timelines) {
  TimeScale scale{milliseconds(100), milliseconds(20)};
  for (const auto& timeline : timelines) {
    for (const auto& lane : timeline.lanes) scale.length = std::max(scale.length, lane.ended);
  }
  constexpr int most_ticks = 5;  // besides the one at 0
  for (const int tick : {20, 50, 100, 200, 250, 500, 1000, 2000, 5000, 10'000}) {
    scale.tick = milliseconds(tick);
    if (scale.length / scale.tick <= most_ticks) break;
  }
  return scale;
}

milliseconds wait_of(const Lane& lane) {
  return std::chrono::round<milliseconds>(std::max(lane.served - lane.began, microseconds(0)));
}

std::string words_beside(const Lane& lane) {
  if (lane.ending == Ending::answered) return fmt::format("waited {} ms", wait_of(lane).count());
  if (lane.ending == Ending::left) return "left";
  if (lane.ending == Ending::sent_away) return "sent away";
  if (lane.ending == Ending::cut_off) return "cut off";
  if (lane.ending == Ending::refused) return "refused";
  return "no answer";
}

std::string summary_of(const std::vector<Lane>& lanes) {
  std::vector<long> waits;
  int fast = 0;
  for (const auto& lane : lanes) {
    if (lane.client != Client::fast) continue;
    ++fast;
    if (lane.ending == Ending::answered) waits.push_back(static_cast<long>(wait_of(lane).count()));
  }
  const auto requests = counted(fast, "fast request");
  if (waits.empty()) return fmt::format("{}: not one answered.", requests);
  std::ranges::sort(waits);
  const auto middle = (waits[(waits.size() - 1) / 2] + waits[waits.size() / 2]) / 2;
  const auto answered = static_cast<int>(waits.size());
  return fmt::format("{}: {}waited {} ms in the middle, {} ms at most.", requests,
                     answered < fast ? fmt::format("{} answered; those ", answered) : "", middle, waits.back());
}

}  // namespace runner
