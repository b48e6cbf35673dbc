#pragma once

#include <stop_token>

namespace runner {

/// Once, first in main, before any thread: from here on SIGINT, SIGTERM and SIGHUP ask this token to stop in place of
/// ending the runner, so that what it started is ended first and the terminal is given back. A second one ends it at
/// once.
std::stop_token catch_interrupts();

/// The signal that came, or 0.
int interrupt_signal();

/// What has to be undone even when the runner crashes (SIGSEGV, an exception that nobody catches …); it must be
/// async-signal-safe. From the first call on.
void undo_at_crash(void (*undo)());

}  // namespace runner
