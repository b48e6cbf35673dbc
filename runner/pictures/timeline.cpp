#include "pictures/timeline.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <utility>

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

std::vector<Lane> rows_of(const std::vector<Lane>& lanes) {
  constexpr std::size_t most_rows = 16;
  if (lanes.size() <= most_rows) return lanes;
  std::vector<Lane> rows;
  std::map<std::pair<Ending, microseconds>, std::pair<std::size_t, int>> groups;  // each one's row, and how many it has
  for (const auto& lane : lanes) {
    if (lane.client != Client::fast) {
      rows.push_back(lane);
      continue;
    }
    constexpr milliseconds together{20};
    const auto begun = lane.began / together * microseconds(together);
    const auto [group, is_new] = groups.try_emplace({lane.ending, begun}, rows.size(), 0);
    if (is_new) rows.push_back(lane);
    auto& [at, count] = group->second;
    auto& row = rows[at];
    row.served = std::max(row.served, lane.served);
    row.ended = std::max(row.ended, lane.ended);
    if (++count > 1) row.name = fmt::format("{} fast", count);
  }
  return rows;
}

milliseconds wait_of(const Lane& lane) {
  return std::chrono::round<milliseconds>(std::max(lane.served - lane.began, microseconds(0)));
}

std::string words_beside(const Lane& lane) {
  if (lane.ending == Ending::answered) return fmt::format("waited {} ms", wait_of(lane).count());
  if (lane.ending == Ending::busy) return "told 503";
  if (lane.ending == Ending::left) return "left";
  if (lane.ending == Ending::sent_away) return "sent away";
  if (lane.ending == Ending::cut_off) return "cut off";
  if (lane.ending == Ending::refused) return "refused";
  return "no answer";
}

std::string summary_of(const std::vector<Lane>& lanes) {
  const bool kept = std::ranges::count(lanes, Client::kept, &Lane::client) > 0;
  std::vector<long> waits;
  int asked = 0;
  for (const auto& lane : lanes) {
    if (lane.client != (kept ? Client::kept : Client::fast)) continue;
    ++asked;
    if (lane.ending == Ending::answered) waits.push_back(static_cast<long>(wait_of(lane).count()));
  }
  const auto requests = kept ? counted(asked, "request") + " on one connection" : counted(asked, "fast request");
  if (waits.empty()) return fmt::format("{}: not one answered.", requests);
  std::ranges::sort(waits);
  const auto middle = (waits[(waits.size() - 1) / 2] + waits[waits.size() / 2]) / 2;
  const auto answered = static_cast<int>(waits.size());
  return fmt::format("{}: {}waited {} ms in the middle, {} ms at most.", requests,
                     answered < asked ? fmt::format("{} answered; those ", answered) : "", middle, waits.back());
}

}  // namespace runner
