#include <fmt/core.h>

#include "check/story_source.hpp"
#include "learner/commands.hpp"
#include "system/terminal_size.hpp"
#include "text/text.hpp"

namespace runner {
int show_story(Context& context, const Stage& stage) {
  auto request = step_request(context.course, stage);
  request.tells_story = true;
  const auto verdict = check(context.build(), stage, request, context.stop);
  if (context.stop.stop_requested()) return 1;
  const auto story = read_story(verdict.full_text);
  const int width = std::min(output_width(), 80);
  if (story.steps.empty()) {
    const auto why = verdict.passes() ? "Every schedule that was tried comes to its end."
                                      : fmt::format("No schedule is to be told: it {}. See ./learn run {}.",
                                                    verdict.headline, stage.number());
    for (const auto& line : wrap(why, width)) fmt::print("{}\n", line);
    return verdict.passes() ? 0 : 1;
  }
  for (const auto& line : wrap("The schedule that fails, in the test \"" + story.test + "\":", width))
    fmt::print("{}\n", line);
  fmt::print("\n");
  for (const auto& line : story_text(story, source_of(context.course.root()), width, context.paint))
    fmt::print("{}\n", line);
  if (!story.ends.empty() || story.goes_on) return 1;
  fmt::print("\n");
  for (const auto& line : failure_lines(verdict, width)) fmt::print("{}\n", line);
  return 1;
}

}  // namespace runner
