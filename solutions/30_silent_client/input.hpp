#pragma once

#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>

#include "check.hpp"
#include "socket.hpp"
#include "stop_signal.hpp"

// What a wait for a client has ended in.
enum class Input { comes, is_late, server_stops };

// Waits until recv would not wait: input has come, or the client has ended its side. Waits until `deadline` at most
// and, if there is a `stop`, until the server is asked to stop. Input that has come is reported first (POSIX poll).
inline Input wait_for_input(const Socket& client, std::chrono::steady_clock::time_point deadline,
                            const StopSignal* stop = nullptr) {
  using std::chrono::milliseconds, std::chrono::steady_clock;
  // poll leaves out a descriptor of -1.
  std::array<pollfd, 2> awaited{{{client.fd(), POLLIN, 0}, {stop != nullptr ? stop->fd() : -1, POLLIN, 0}}};
  while (true) {
    // Rounded up, or the last millisecond would be spent asking; not below 0, which poll takes for no limit.
    const auto left = std::max(std::chrono::ceil<milliseconds>(deadline - steady_clock::now()), milliseconds{0});
    const int ready = poll(awaited.data(), awaited.size(), static_cast<int>(left.count()));
    if (ready == -1 && errno == EINTR) continue;
    if (check(ready, "poll") == 0) return Input::is_late;
    return awaited[0].revents != 0 ? Input::comes : Input::server_stops;
  }
}
