#include "check/time_limit.hpp"

#include <algorithm>
#include <cstdlib>
#include <thread>

namespace runner {

std::chrono::milliseconds time_limit(double running, unsigned processors) {
  constexpr int alone = 20;
  return std::chrono::seconds(static_cast<int>(alone * std::clamp(running / std::max(1U, processors), 1.0, 6.0)));
}

std::chrono::milliseconds time_limit() {
  double last_minute = 0;
  if (getloadavg(&last_minute, 1) != 1) last_minute = 0;
  return time_limit(last_minute, std::thread::hardware_concurrency());
}

}  // namespace runner
