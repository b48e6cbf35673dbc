// The schedule that failed, told step by step.
#pragma once

#include "schedule/turns.hpp"

#include <string>

namespace support::schedule {

// A line "# story: THREAD|FILE:LINE|WHAT|LOCK|JOBS" for each event: 0 is the test's own thread; the place is the
// innermost one in a learner's file, else in a test's; WHAT is what the thread did there; LOCK says which one it locks
// or unlocks, in the order in which they came, from 1 on, else 0; JOBS is how many have been handed in and not begun,
// or -1. Then comes a line "# story ends: THREAD WHAT" for each thread that waits for good, or, when they go on and on,
// "# story goes on". Last comes "# story switches: N". Empty when no place can be found out, as without addr2line.
std::string story_of(const Board& board);

// A line "# choice: THREAD|FILE:LINE|WHAT" for each way in which a schedule that asks may go on, in their order; the
// place is where the thread stands.
std::string choices_of(const Board& board);

}  // namespace support::schedule
