#include <fmt/core.h>

#include <algorithm>

#include "learner/commands.hpp"
#include "pictures/thread_cost.hpp"

namespace runner {
namespace {

constexpr int threads_to_create = 1000;

}  // namespace

int thread_cost(Context& context) {
  auto cost = measure_threads(threads_to_create, context.stop);
  // Others may disturb a measurement of time, and none makes it shorter: the least of three. What the C library keeps
  // of the first threads' memory for the next ones makes the later measurements of memory worthless.
  for (int again = 0; again < 2 && cost.created == cost.asked; ++again) {
    const auto other = measure_threads(threads_to_create, context.stop);
    if (other.created == cost.created) cost.seconds = std::min(cost.seconds, other.seconds);
  }
  if (context.stop.stop_requested()) return 1;
  for (const auto& line : thread_cost_lines(cost, thread_limit())) fmt::print("{}\n", line);
  return cost.created > 0 ? 0 : 1;
}

}  // namespace runner
