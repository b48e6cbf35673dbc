#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "text/paint.hpp"
#include "text/place.hpp"

namespace runner {

/// What one thread did at one place in the schedule that failed.
struct StoryStep {
  int thread = 0;  // 0: main
  Place place{};   // no file: not in the course's files
  std::string what{};
  int lock = 0;   // which one it locks or unlocks there, from 1 on; 0: none
  int jobs = -1;  // that have been handed in by then, and not begun; -1: that is not known
};

/// A schedule that failed, as the test program tells it (tests/support/schedule/story.hpp).
struct Story {
  std::string test{};  // its name
  std::vector<StoryStep> steps{};
  std::vector<std::string> ends{};  // "main waits for the end of worker 1"; empty: nobody waits for good
  bool goes_on = false;             // and on, without an end
  int switches = 0;                 // how often a thread was held up that could go on, or woke up for no reason
};

/// The first story in what a test program printed, safe to print; no steps: there is none.
Story read_story(std::string_view output);

/// How a schedule may go on that somebody chooses ("# choice: THREAD|FILE:LINE|WHAT"). The place is where it stands.
using StoryChoice = StoryStep;
std::vector<StoryChoice> read_choices(std::string_view output);

/// "main", "worker 1"
std::string thread_name(int thread);

/// Of all threads that it names: 0 is main.
std::set<int> threads_of(const Story& story);

/// "main waits for the end of worker 1, worker 1 sleeps: nobody can go on."; empty when its last step says enough.
std::string end_of(const Story& story);

/// Threads are shown beside each other where each has this many columns.
constexpr int narrowest_column = 38;

/// Reads a line of a file of the course.
using SourceLine = std::function<std::string(const Place&)>;

/// The story in lines of at most `width` columns: a column for each thread where there is room for that, else one with
/// their names. Of a long story the middle is left out: at most 20 lines.
std::vector<std::string> story_text(const Story& story, const SourceLine& source, int width, const Paint& paint);

}  // namespace runner
