#pragma once

#include <chrono>

namespace runner {

/// The time that a stage's tests may take before they count as hanging. It only guards: they need some
/// seconds at most, and a test that hangs is found by other means, unless it works on and on. On a machine where
/// several programs share each processor it grows with their number, up to six times. `running`: how many want to run,
/// on average.
std::chrono::milliseconds time_limit(double running, unsigned processors);
std::chrono::milliseconds time_limit();  // on this machine, now

}  // namespace runner
