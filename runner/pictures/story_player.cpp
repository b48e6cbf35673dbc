#include "pictures/story_player.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "text/text.hpp"

namespace runner {
namespace {

constexpr int most_source = 11;  // lines of it for a thread
constexpr int steps_shown = 3;   // the last of them is the one that the player is at
constexpr std::string_view blanks = " ";

struct Standing {
  Place place{};  // the last one that is known
  std::string does = "has not begun";
  std::set<int> locks{};  // that it holds
};

// Of each thread of the story, by the step that the player is at.
std::map<int, Standing> standings(const StoryPlayer& player) {
  std::map<int, Standing> threads;
  for (const int thread : threads_of(player.story)) threads[thread];
  for (int i = 0; i <= player.at && i < static_cast<int>(player.story.steps.size()); ++i) {
    const auto& step = player.story.steps[static_cast<std::size_t>(i)];
    auto& thread = threads[step.thread];
    thread.does = step.what;
    if (step.what == "ends") thread.does = "has ended";
    if (step.what.starts_with("-- held")) thread.does = "is " + replaced(replaced(step.what, "-- ", ""), " --", "");
    if (!step.place.file.empty()) thread.place = step.place;
    if (step.lock > 0 && step.what == "locks") thread.locks.insert(step.lock);
    if (step.lock > 0 && step.what == "unlocks") thread.locks.erase(step.lock);
  }
  return threads;
}

bool has_one_lock(const Story& story) {
  return std::ranges::none_of(story.steps, [](const auto& step) { return step.lock > 1; });
}

std::string held(const Standing& thread, bool one_lock) {
  if (thread.locks.empty()) return "";
  std::vector<std::string> numbers;
  for (const int lock : thread.locks) numbers.push_back("lock " + std::to_string(lock));
  return " holds " + (one_lock ? "the lock" : join(numbers, " and ")) + ",";
}

std::string file_name(const Place& place) {
  return place.file.substr(place.file.rfind('/') + 1);
}

// The lines around a place, the blanks left out that all of them begin with.
std::vector<std::string> source_around(const StoryPlayer& player, const Place& place, int count, int width,
                                       const Paint& paint) {
  const auto file = player.files.find(place.file);
  if (file == player.files.end() || count < 1) return {};
  const int lines = static_cast<int>(file->second.size());
  const int first = std::clamp(place.line - count / 2, 1, std::max(1, lines - count + 1));
  std::size_t indent = std::string::npos;
  std::vector<std::pair<int, std::string_view>> window;
  for (int i = first; i < first + count && i <= lines; ++i) {
    window.emplace_back(i, file->second[static_cast<std::size_t>(i) - 1]);
    if (!window.back().second.empty()) indent = std::min(indent, window.back().second.find_first_not_of(blanks));
  }
  std::vector<std::string> result;
  for (const auto& [number, text] : window) {
    const bool here = number == place.line;
    const auto line = cut_to_width(
        fmt::format("{}{:>4} {}", here ? "→" : " ", number, text.substr(std::min(indent, text.size()))), width);
    result.push_back(here ? paint.bold(line) : paint.dim(line));
  }
  return result;
}

// "main, holds the lock: waits for the end of worker 1", and the lines where it is.
std::vector<std::string> block(const StoryPlayer& player, int number, const Standing& thread, int rows, int width,
                               const Paint& paint) {
  const auto& current = player.story.steps[static_cast<std::size_t>(player.at)];
  const auto name = thread_name(number);
  const bool one_file = player.files.size() < 2;
  const auto place = one_file || thread.place.file.empty() ? "" : " (" + file_name(thread.place) + ")";
  auto lines =
      wrap(fmt::format("{}{} {}{}", name, held(thread, has_one_lock(player.story)), thread.does, place), width);
  if (current.thread == number) lines.front() = paint.bold(lines.front());
  for (auto& line :
       source_around(player, thread.place, std::min(most_source, rows - static_cast<int>(lines.size())), width, paint))
    lines.push_back(std::move(line));
  return lines;
}

std::vector<std::string> side_by_side(const std::vector<std::vector<std::string>>& blocks, int column) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; std::ranges::any_of(blocks, [i](const auto& each) { return i < each.size(); }); ++i) {
    std::string line;
    int used = 0;
    for (std::size_t at = 0; at < blocks.size(); ++at) {
      const int begins = static_cast<int>(at) * column;
      if (i >= blocks[at].size()) continue;
      line += std::string(static_cast<std::size_t>(begins - used), ' ') + blocks[at][i];
      used = begins + width_of(blocks[at][i]);
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

std::vector<std::string> story_so_far(const StoryPlayer& player, int width, const Paint& paint) {
  const auto& story = player.story;
  std::vector<std::string> lines;
  for (int i = player.at - steps_shown + 1; i <= player.at; ++i) {
    if (i < 0) {
      lines.emplace_back();
      continue;
    }
    const auto& step = story.steps[static_cast<std::size_t>(i)];
    const auto file = player.files.find(step.place.file);
    const auto at = static_cast<std::size_t>(step.place.line);
    const bool known = file != player.files.end() && at >= 1 && at <= file->second.size();
    const auto source = known ? std::string(trimmed(file->second[at - 1])) : std::string();
    const auto what = step.what + (source.empty() ? "" : fmt::format(", line {}: {}", step.place.line, source));
    const auto line = cut_to_width(fmt::format("{:>4}. {:<9} {}", i + 1, thread_name(step.thread), what), width);
    lines.push_back(i == player.at ? line : paint.dim(line));
  }
  return lines;
}

}  // namespace

StoryPlayer open_player(Story story, const std::function<std::string(const std::string&)>& read) {
  StoryPlayer player{.story = std::move(story)};
  for (const auto& step : player.story.steps) {
    if (step.place.file.empty() || player.files.contains(step.place.file)) continue;
    const auto text = read(step.place.file);
    const auto lines = split_lines(text);
    player.files[step.place.file] = {lines.begin(), lines.end()};
  }
  return player;
}

void move(StoryPlayer& player, int steps) {
  player.at = std::clamp(player.at + steps, 0, std::max(0, static_cast<int>(player.story.steps.size()) - 1));
}

std::vector<std::string> player_lines(const StoryPlayer& player, int width, int rows, const Paint& paint) {
  const auto& story = player.story;
  if (story.steps.empty()) return {};
  const int last = static_cast<int>(story.steps.size()) - 1;
  std::vector<std::string> lines;
  const auto jobs = story.steps[static_cast<std::size_t>(player.at)].jobs;
  const auto known = jobs < 0 ? "" : fmt::format(" · {} handed in, not begun", counted(jobs, "job"));
  lines.push_back(cut_to_width(paint.bold(fmt::format("Step {} of {}", player.at + 1, last + 1)) + known, width));
  lines.push_back(cut_to_width("In the test \"" + story.test + "\":", width));
  for (auto& line : story_so_far(player, width, paint)) lines.push_back(std::move(line));
  const auto end = end_of(story).empty() ? "Then the test fails." : end_of(story);
  if (player.at == last) {
    for (const auto& line : wrap(end, width)) lines.push_back(paint.yellow(line));
  }
  lines.emplace_back();

  const auto threads = standings(player);
  const int count = static_cast<int>(threads.size());
  const int room = rows - static_cast<int>(lines.size());
  const bool beside = width / count >= narrowest_column;
  const int column = beside ? width / count : width;
  std::vector<std::vector<std::string>> blocks;
  for (const auto& [number, thread] : threads)
    blocks.push_back(block(player, number, thread, beside ? room : room / count, column - 1, paint));
  if (beside) {
    for (auto& line : side_by_side(blocks, column)) lines.push_back(std::move(line));
  } else {
    for (auto& each : blocks) lines.insert(lines.end(), each.begin(), each.end());
  }
  return lines;
}

}  // namespace runner
