#include <doctest/doctest.h>
#include <fmt/core.h>

#include "pictures/story_player.hpp"
#include "reading/story.hpp"
#include "text/text.hpp"

using namespace runner;

namespace {

constexpr std::string_view output = R"(1..2
# running: every job runs
ok 1 - every job runs
# running: a pool that ends wakes its workers
# story: 0|steps/23_lost_wakeup/thread_pool.hpp:26|starts worker 1
# story: 0|steps/23_lost_wakeup/thread_pool.hpp:26|-- held up --
# story: 1|steps/23_lost_wakeup/thread_pool.hpp:52|locks|1|2
# story: 1|steps/23_lost_wakeup/thread_pool.hpp:52|-- held up before it sleeps --
# story: 0|steps/23_lost_wakeup/thread_pool.hpp:63|WAKES NOBODY
# story: 0||waits for the end of worker 1
# story: 1|steps/23_lost_wakeup/thread_pool.hpp:52|unlocks|1|-1
# story: 1|steps/23_lost_wakeup/thread_pool.hpp:52|sleeps
# story ends: main waits for the end of worker 1
# story ends: worker 1 sleeps
# story switches: 2
not ok 2 - a pool that ends wakes its workers # HANGS
# story: 0||of another test
)";

std::string line_of(const Place& place) {
  return fmt::format("  the line {} of {}, which is long", place.line, place.file);
}

}  // namespace

TEST_CASE("a story is read from what a test program prints: the first one") {
  const auto story = read_story(output);
  CHECK(story.test == "a pool that ends wakes its workers");
  REQUIRE(story.steps.size() == 8);
  CHECK(story.steps[0].thread == 0);
  CHECK(story.steps[0].place.line == 26);
  CHECK(story.steps[0].what == "starts worker 1");
  CHECK(story.steps[5].place.file.empty());
  CHECK(story.steps[2].lock == 1);
  CHECK(story.steps[2].jobs == 2);
  CHECK(story.steps[4].lock == 0);
  CHECK(story.steps[6].jobs == -1);
  CHECK(story.ends.size() == 2);
  CHECK(story.switches == 2);
  CHECK(read_story("").steps.empty());
  CHECK(read_story("# story: \n# story: x|y|z\n# story: 1|2\n# story ends: ").steps.empty());
}

TEST_CASE("a story has a column for each thread, in 80 columns") {
  const auto lines = story_text(read_story(output), line_of, 80, Paint());
  const std::vector<std::string> expected{
      "     main                                    worker 1",
      "  26 the line 26 of s…: starts worker 1",
      "     -- held up --",
      "                                          52 the line 52 of steps/23_lo…: locks",
      "                                             -- held up before it sleeps --",
      "  63 the line 63 of step…: WAKES NOBODY",
      "     waits for the end of worker 1",
      "                                          52 the line 52 of s…: unlocks, sleeps",
      "main waits for the end of worker 1, worker 1 sleeps: nobody can go on.",
  };
  CHECK(join(lines, "\n") == join(expected, "\n"));
}

TEST_CASE("where there is no room for columns, each step says whose it is") {
  const auto lines = story_text(read_story(output), line_of, 50, Paint());
  INFO(join(lines, "\n"));
  REQUIRE(lines.size() == 9);
  CHECK(lines[0].starts_with("main        26 "));
  CHECK(lines[2].starts_with("worker 1    52 "));
  for (const auto& line : lines) CHECK(width_of(line) <= 50);
}

TEST_CASE("of a long story the middle is left out") {
  Story story;
  for (int i = 0; i < 100; ++i) story.steps.push_back({i % 2, {}, fmt::format("step {}", i)});
  const auto lines = story_text(story, line_of, 80, Paint());
  CHECK(lines.size() == 20);
  CHECK(lines[4] == "     … 82 more steps");
  CHECK(lines.back().ends_with("step 99"));
}

TEST_CASE("steps that come again and again are told once") {
  std::string again;
  for (int i = 0; i < 50; ++i) again += "# story: 1|a.hpp:5|locks, unlocks\n# story: 2|a.hpp:5|locks, unlocks\n";
  const auto story = read_story("# story: 0|a.hpp:1|starts worker 1\n" + again + "# story goes on\n");
  const auto lines = story_text(story, line_of, 60, Paint());
  REQUIRE(lines.size() == 5);
  CHECK(lines[3] == "worker 1       -- the last 2 steps, 49 times more --");
  CHECK(lines[4] == "And so on.");
}

TEST_CASE("a player shows a step, who holds the lock, and the source of each thread beside the other's") {
  const auto read = [](const std::string&) {
    std::string text;
    for (int i = 1; i <= 70; ++i) text += fmt::format("    source {}\n", i);
    return text;
  };
  auto player = open_player(read_story(output), read);
  move(player, 2);
  const std::vector<std::string> expected{
      "Step 3 of 8 · 2 jobs handed in, not begun",
      "In the test \"a pool that ends wakes its workers\":",
      "   1. main      starts worker 1, line 26: source 26",
      "   2. main      -- held up --, line 26: source 26",
      "   3. worker 1  locks, line 52: source 52",
      "",
      "main is held up                         worker 1 holds the lock, locks",
      "   25 source 25                            51 source 51",
      "→  26 source 26                         →  52 source 52",
      "   27 source 27                            53 source 53",
  };
  CHECK(join(player_lines(player, 80, 10, Paint()), "\n") == join(expected, "\n"));
  move(player, 100);
  const auto at_the_end = join(player_lines(player, 80, 20, Paint()), "\n");
  CHECK(at_the_end.find("worker 1 sleeps: nobody can go on.") != std::string::npos);
  CHECK(at_the_end.find("holds") == std::string::npos);
  CHECK(at_the_end.find("jobs") == std::string::npos);
  move(player, -100);
  const auto at_first = player_lines(player, 50, 20, Paint());
  CHECK(at_first[0] == "Step 1 of 8");
  CHECK(at_first.back() == "worker 1 has not begun");
  for (const auto& line : at_first) CHECK(width_of(line) <= 50);
}
