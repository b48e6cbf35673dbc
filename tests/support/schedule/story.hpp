// The schedule that failed, told step by step.
#pragma once

#include "schedule/turns.hpp"

#include <string>

namespace support::schedule {

// A line "# story: THREAD|FILE:LINE|WHAT" for each event: 0 is the test's own thread; the place is the innermost one in
// a learner's file, else in a test's; WHAT is what the thread did there. Last comes a line
// "# story ends: THREAD WHAT" for each thread that waits for good, or, when they go on and on, "# story goes on".
// Empty when no place can be found out, as without addr2line.
std::string story_of(const Board& board);

// A line "# choice: THREAD|WHAT" for each way in which a schedule that asks may go on, in their order.
std::string choices_of(const Board& board);

}  // namespace support::schedule
