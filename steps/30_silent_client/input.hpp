// Stage 30, silent client: docs/30_silent_client.md
#pragma once

#include <chrono>

#include "socket.hpp"
#include "stop_signal.hpp"

// What a wait for a client has ended in.
enum class Input { comes, is_late, server_stops };

// Waits until recv would not wait: input has come, or the client has ended its side. Waits until `deadline` at most
// and, if there is a `stop`, until the server is asked to stop. Input that has come is reported first (POSIX poll).
inline Input wait_for_input(const Socket&, std::chrono::steady_clock::time_point, const StopSignal* = nullptr) {
  // TODO: wait, for all three at the same time, and say which of them has ended the wait.
  return Input::comes;
}
