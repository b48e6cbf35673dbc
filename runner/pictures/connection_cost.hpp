#pragma once

#include <sys/types.h>

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

namespace runner {

/// What clients that connect and say nothing cost a server on this machine.
struct ConnectionCost {
  int asked = 0;
  int kept = 0;         // connections that the server has open at the end
  std::string refusal;  // why there were not more; empty: there were as many as asked for
  double resident = 0;  // bytes of its memory in use, for all of them
  int threads = 0;      // that came with them
};

/// Lets this program, and what it starts from now on, have as many open files as the system allows. Returns how many.
int raise_descriptor_limit();

/// Connects `asked` silent clients to the server, looks at it in /proc, and leaves. It stops connecting after ten
/// seconds.
ConnectionCost measure_connections(std::uint16_t port, pid_t server, int asked, const std::stop_token& stop = {});

/// What the command prints. `stack`: bytes of memory that a thread has in use while it waits, for comparison.
std::vector<std::string> connection_cost_lines(const ConnectionCost& cost, double stack);

}  // namespace runner
