#include "reading/story.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <set>

#include "text/text.hpp"

namespace runner {
namespace {

constexpr std::size_t most_lines = 20;
constexpr std::size_t first_lines = 4;  // that are kept of a long story

// What a thread does at one line, one thing after the other, is one step; so is a lock that it holds only by itself.
std::vector<StoryStep> folded(const std::vector<StoryStep>& steps) {
  std::vector<StoryStep> result;
  for (const auto& step : steps) {
    const auto goes_on = [&](const StoryStep& last) {
      if (last.thread != step.thread || last.what.starts_with("--") || step.what.starts_with("--")) return false;
      const bool same_line = last.place.file == step.place.file && last.place.line == step.place.line;
      return same_line || (step.what == "unlocks" && last.what.ends_with("locks") && !last.what.ends_with("unlocks"));
    };
    if (!result.empty() && goes_on(result.back())) {
      result.back().what += ", " + step.what;
    } else {
      result.push_back(step);
    }
  }
  return result;
}

// Of a few steps that come again and again, once is enough.
std::vector<StoryStep> without_rounds(std::vector<StoryStep> steps) {
  constexpr std::size_t longest = 8;
  constexpr std::size_t fewest = 3;  // times
  const auto same = [&](std::size_t one, std::size_t other) {
    return steps[one].thread == steps[other].thread && steps[one].what == steps[other].what &&
           steps[one].place.line == steps[other].place.line;
  };
  for (std::size_t at = 0; at < steps.size(); ++at) {
    for (std::size_t length = 1; length <= longest; ++length) {
      std::size_t end = at + length;
      while (end < steps.size() && same(end, end - length)) ++end;
      const auto times = (end - at) / length;
      if (times < fewest) continue;
      const auto from = steps.begin() + static_cast<std::ptrdiff_t>(at + length);
      const auto rest = steps.erase(from, from + static_cast<std::ptrdiff_t>((times - 1) * length));
      const auto again = counted(static_cast<int>(times) - 1, "time");
      steps.insert(rest, {steps[at].thread,
                          {},
                          fmt::format("-- the last {}, {} more --", counted(static_cast<int>(length), "step"), again)});
      at += length;
      break;
    }
  }
  return steps;
}

// " 53 changed_.wait(lo…: unlocks, sleeps"
std::string cell(const StoryStep& step, const SourceLine& source, int width) {
  constexpr int fewest = 12;  // columns of source
  if (step.what.starts_with("--")) return cut_to_width("     " + step.what, width);
  const bool of_a_test = step.place.file.starts_with("tests/");
  const auto number = step.place.file.empty() ? std::string()
                      : of_a_test             ? std::string("test")
                                              : fmt::format("{:>4}", step.place.line);
  const auto line = step.place.file.empty() ? std::string() : std::string(trimmed(source(step.place)));
  const int room = width - 5 - 2 - width_of(step.what);
  auto text = fmt::format("{:<4} ", number);
  if (room >= fewest && !line.empty()) text += cut_to_width(line, room) + ": ";
  return cut_to_width(text + step.what, width);
}

// "1|steps/23_lost_wakeup/thread_pool.hpp:52|locks|1|0"
std::optional<StoryStep> read_step(std::string_view text) {
  const auto parts = split(text, '|');
  const auto thread = to_number(parts[0]);
  if (parts.size() < 3 || !thread) return std::nullopt;
  StoryStep step{*thread, read_place(parts[1]).value_or(Place{}), std::string(parts[2])};
  if (parts.size() > 4) {
    step.lock = to_number(parts[3]).value_or(0);
    step.jobs = to_number(parts[4]).value_or(-1);
  }
  return step;
}

}  // namespace

Story read_story(std::string_view output) {
  constexpr std::string_view running = "# running: ";
  constexpr std::string_view step = "# story: ";
  constexpr std::string_view end = "# story ends: ";
  constexpr std::string_view switches = "# story switches: ";
  Story story;
  std::string test;
  for (const auto line : split_lines(output)) {
    const bool tells = line.starts_with("# story");
    if (line.starts_with(running)) test = line.substr(running.size());
    if (!tells && !story.steps.empty()) break;
    if (line == "# story goes on") story.goes_on = true;
    if (line.starts_with(switches)) story.switches = to_number(line.substr(switches.size())).value_or(0);
    if (line.starts_with(end)) story.ends.emplace_back(line.substr(end.size()));
    if (!line.starts_with(step)) continue;
    if (auto read = read_step(line.substr(step.size()))) {
      story.test = test;
      story.steps.push_back(std::move(*read));
    }
  }
  return story;
}

std::vector<StoryChoice> read_choices(std::string_view output) {
  constexpr std::string_view choice = "# choice: ";
  std::vector<StoryChoice> choices;
  for (const auto line : split_lines(output)) {
    if (!line.starts_with(choice)) continue;
    if (auto read = read_step(line.substr(choice.size()))) choices.push_back(std::move(*read));
  }
  return choices;
}

std::string thread_name(int thread) {
  return thread == 0 ? "main" : fmt::format("worker {}", thread);
}

std::set<int> threads_of(const Story& story) {
  std::set<int> threads;
  for (const auto& step : story.steps) {
    threads.insert(step.thread);
    constexpr std::string_view starts = "starts worker ";
    if (!step.what.starts_with(starts)) continue;
    if (const auto started = to_number(step.what.substr(starts.size()))) threads.insert(*started);
  }
  return threads;
}

std::string end_of(const Story& story) {
  if (!story.ends.empty()) return join(story.ends, ", ") + ": nobody can go on.";
  return story.goes_on ? "And so on." : "";
}

std::vector<std::string> story_text(const Story& story, const SourceLine& source, int width, const Paint& paint) {
  const auto threads = threads_of(story);
  const int columns = static_cast<int>(threads.size());
  const bool side_by_side = columns > 0 && width / columns >= narrowest_column;
  const int column = side_by_side ? width / columns : width - width_of("worker 12 ");
  const auto begins_at = [&](int thread) {
    return static_cast<std::size_t>(std::distance(threads.begin(), threads.find(thread)) * column);
  };

  std::vector<std::string> lines;
  if (side_by_side) {
    std::string names;
    for (const int thread : threads) {
      names.resize(begins_at(thread), ' ');
      names += "     " + thread_name(thread);
    }
    lines.push_back(paint.dim(names));
  }
  for (const auto& step : without_rounds(folded(story.steps))) {
    const auto text = cell(step, source, column - 1);
    lines.push_back(side_by_side ? std::string(begins_at(step.thread), ' ') + text
                                 : fmt::format("{:<9} {}", thread_name(step.thread), text));
  }
  if (lines.size() > most_lines) {
    const auto left_out = lines.size() - most_lines + 1;
    const auto from = lines.begin() + first_lines;
    lines.erase(from, from + static_cast<std::ptrdiff_t>(left_out));
    lines.insert(lines.begin() + first_lines, paint.dim(fmt::format("     … {} more steps", left_out)));
  }
  for (auto& line : wrap(end_of(story), width)) {
    if (!line.empty()) lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace runner
