#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace runner {

/// What waiting threads cost on this machine, by creating them.
struct ThreadCost {
  int asked = 0;
  int created = 0;
  std::string refusal;              // why there were not more; empty: there were as many as asked for
  double seconds = 0;               // from the first creation until all of them wait
  double resident = 0;              // bytes of memory in use, all of them
  double reserved = 0;              // bytes of address space, all of them
  std::optional<double> in_kernel;  // bytes that the kernel keeps for them (each has a stack there), if it tells
};

/// Creates `asked` threads that wait, looks at this process in /proc, and ends them. It stops creating after ten
/// seconds.
ThreadCost measure_threads(int asked, const std::stop_token& stop = {});

/// The most threads that this machine would let one process have, and the setting that says so: {32765,
/// "vm.max_map_count"}; nothing when it does not tell.
struct ThreadLimit {
  long most = 0;
  std::string setting;
};
std::optional<ThreadLimit> thread_limit();

/// What the command prints.
std::vector<std::string> thread_cost_lines(const ThreadCost& cost, const std::optional<ThreadLimit>& limit);

}  // namespace runner
