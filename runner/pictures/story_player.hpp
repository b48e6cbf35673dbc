#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "reading/story.hpp"

namespace runner {

/// A story that is shown one step at a time.
struct StoryPlayer {
  Story story{};
  std::map<std::string, std::vector<std::string>> files{};  // the lines of each file that it names
  int at = 0;                                               // the step that is shown
};

/// At the first step. `read`: the text of a file of the course.
StoryPlayer open_player(Story story, const std::function<std::string(const std::string&)>& read);

/// On by `steps`, or back; within the story.
void move(StoryPlayer& player, int steps);

/// The step and those before it, then for each thread what it does, the lock that it holds, and the lines where it is:
/// a column each where there is room for that, else one below the other. At most `rows` lines of at most `width`
/// columns, as far as `rows` holds one line for each thread.
std::vector<std::string> player_lines(const StoryPlayer& player, int width, int rows, const Paint& paint);

}  // namespace runner
