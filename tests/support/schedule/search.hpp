// Which schedules are tried, one after the other. In memory that a test program and its child share, so that a schedule
// that ends the child is known.
#pragma once

namespace support::schedule {

constexpr int most_choices = 4096;  // of one schedule
constexpr int most_candidates = 64;

// Depth first through all schedules with at most `bound` switches away from a thread that could have gone on: iterative
// context bounding (Musuvathi and Qadeer, PLDI 2007). A schedule is told by the places in it where there was a choice.
struct Search {
  int bound = 0;
  int fixed = 0;          // how many of the first choices stay as they are, and cost nothing
  int length = 0;         // of the schedule that is tried: how many choices are set
  int position = 0;       // how many of them have been made
  int spent = 0;          // switches so far
  bool diverged = false;  // the program did not do the same again
  struct Choice {
    unsigned char taken;
    unsigned char count;
  } choices[most_choices] = {};

  void begin();
  // One of `count` candidates, of which each costs 0 or 1 switches, the cheap ones first.
  int pick(const unsigned char* costs, int count);
  // Whether there is another schedule within the bound; begins it.
  bool next();
};

}  // namespace support::schedule
