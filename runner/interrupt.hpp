#pragma once

#include <stop_token>

namespace runner {

/// Once, first in main, before any thread: from here on SIGINT, SIGTERM and SIGHUP ask this token to stop in place of
/// ending the runner, so that what it started is ended first and the terminal is given back. A second one ends it.
std::stop_token catch_interrupts();

/// The signal that came, or 0.
int interrupt_signal();

}  // namespace runner
