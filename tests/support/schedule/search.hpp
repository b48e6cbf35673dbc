// Which schedules are tried, one after the other. In memory that a test program and its child share, so that a schedule
// that ends the child is known.
#pragma once

namespace support::schedule {

constexpr int most_choices = 4096;  // of one schedule
constexpr int most_candidates = 64;

// Depth first through all schedules with at most `bound` switches away from a thread that could have gone on: iterative
// context bounding (Musuvathi and Qadeer, PLDI 2007). Then, from begin_random on, by drawn priorities: of the threads
// that can go on, the one with the highest does, and at two drawn places it becomes the lowest. That is PCT with a
// depth of 3 (Burckhardt and others, ASPLOS 2010). A schedule is told by the places in it where there was a choice.
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

  static constexpr int depth = 3;
  unsigned long seed = 1;
  int drawn = 0;       // schedules by priorities, so far; 0: depth first
  int most_drawn = 0;  // of them
  int longest = 50;    // places of a schedule with a choice, as far as is known; the first is a guess
  int changes[depth - 1] = {};
  int priorities[most_candidates] = {};  // of each thread

  void begin();
  // One of `count` candidates, of which each costs 0 or 1 switches, the cheap ones first. The first `ready` of them are
  // threads that can go on, by their numbers.
  int pick(const unsigned char* costs, int count, const int* threads, int ready);
  // Whether there is another schedule within the bound, or to be drawn; begins it.
  bool next();
  // Begins the first of `most` that are drawn.
  void begin_random(int most);

 private:
  int by_priority(const int* threads, int ready);
};

}  // namespace support::schedule
