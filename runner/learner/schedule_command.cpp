#include <fmt/core.h>

#include <algorithm>
#include <iostream>

#include "check/time_limit.hpp"
#include "learner/commands.hpp"
#include "learner/story_source.hpp"
#include "system/process.hpp"
#include "system/terminal_size.hpp"
#include "text/text.hpp"

namespace runner {
namespace {

// A test of the stage, whose threads go on as the reader says. Nothing is kept between two steps: the test is run anew,
// with all that was chosen.
class Game {
 public:
  Game(Context& context, std::filesystem::path program) : context_(context), program_(std::move(program)) {}

  // The test that fails first, if one does, else the first whose threads take turns; false: there is none.
  bool choose_test() {
    auto found = read_story(run_test({{"SERVERLINGS_STORY", "1"}}, {"--abort-after=1"}).output);
    fails_ = !found.steps.empty();
    fewest_ = switches_of(found);
    if (!fails_) found = read_story(run_test({{"SERVERLINGS_CHOICES", ""}}, {}).output);
    test_ = found.test;
    return !test_.empty();
  }

  int operator()() {
    say(fmt::format("Be the scheduler, in the test \"{}\". At each step you say which thread goes on.", test_));
    say(fails_ ? "The tests make it fail: can you?" : "Make it fail, if you can.");
    for (;;) {
      look();
      if (choices_.empty()) end();
      if (!answer()) return 0;
    }
  }

 private:
  void say(const std::string& text) const {
    for (const auto& line : wrap(text, width_)) fmt::print("{}\n", line);
  }

  Finished run_test(std::vector<std::pair<std::string, std::string>> settings,
                    const std::vector<std::string>& options) const {
    Command test;
    test.words = {program_.string()};
    test.words.insert(test.words.end(), options.begin(), options.end());
    test.folder = context_.course.root();
    test.environment = stage_environment();
    test.environment.insert(test.environment.end(), settings.begin(), settings.end());
    test.time_limit = time_limit();
    return run(test, context_.stop);
  }

  Finished run_from(const std::vector<int>& chosen, bool search) const {
    std::vector<std::string> numbers;
    for (const int each : chosen) numbers.push_back(std::to_string(each));
    std::vector<std::pair<std::string, std::string>> settings{{"SERVERLINGS_CHOICES", join(numbers, ",")}};
    if (search) settings.emplace_back("SERVERLINGS_SEARCH", "1");
    return run_test(std::move(settings), {"--test-case=" + replaced(test_, ",", "*")});
  }

  static bool has_failed(const Finished& finished) {
    return !finished.ok() || printable(finished.output).find("\nnot ok ") != std::string::npos;
  }

  // Runs up to the next choice, and shows what has happened.
  void look() {
    const auto finished = run_from(chosen_, false);
    const auto output = printable(finished.output);
    story_ = read_story(output);
    choices_ = read_choices(output);
    has_failed_ = choices_.empty() && has_failed(finished);
    fmt::print("\n");
    for (const auto& line : story_text(story_, source_of(context_.course), width_, context_.paint))
      fmt::print("{}\n", line);
  }

  void end() const {
    const int switches = switches_of(story_);
    if (!has_failed_) return say("\nThis schedule comes to its end, and nothing fails. u takes a step back.");
    say(fmt::format("\nIt fails. A thread that could go on was held up {}.{}", counted(switches, "time"),
                    !fails_               ? ""
                    : switches <= fewest_ ? " The tests need no fewer."
                                          : fmt::format(" The tests need {}.", fewest_)));
  }

  void hint() const {
    std::vector<std::string> after;
    for (std::size_t i = 0; i < choices_.size(); ++i) {
      auto chosen = chosen_;
      chosen.push_back(static_cast<int>(i));
      if (has_failed(run_from(chosen, true))) after.push_back(std::to_string(i + 1));
    }
    say(after.empty() ? "With at most one more switch, no failure comes from here. u takes a step back."
                      : "A failure can come after " + join(after, " or after ") + ".");
  }

  // Asks how to go on, until that is said; false: the reader ends.
  bool answer() {
    std::string line;
    for (;;) {
      for (std::size_t i = 0; i < choices_.size(); ++i)
        fmt::print("{}{}  {} {}\n", i == 0 ? "\n" : "", i + 1, thread_name(choices_[i].thread), choices_[i].what);
      fmt::print("{}u: a step back, {}q: the end > ", choices_.empty() ? "" : "a number, ",
                 choices_.empty() ? "" : "h: a hint, ");
      std::fflush(stdout);
      if (context_.stop.stop_requested() || !std::getline(std::cin, line)) {
        fmt::print("\n");
        return false;
      }
      const auto word = trimmed(line);
      if (word == "q") return false;
      if (word == "h" && !choices_.empty()) {
        hint();
        continue;
      }
      if (word == "u" && !chosen_.empty()) {
        chosen_.pop_back();
        return true;
      }
      const auto number = to_number(word);
      if (number && *number >= 1 && *number <= static_cast<int>(choices_.size())) {
        chosen_.push_back(*number - 1);
        return true;
      }
    }
  }

  Context& context_;
  std::filesystem::path program_;
  int width_ = std::min(output_width(), 80);
  std::string test_{};
  bool fails_ = false;  // under a schedule that the tests try
  int fewest_ = 0;      // how often a thread is held up in that
  std::vector<int> chosen_{};
  Story story_{};
  std::vector<StoryChoice> choices_{};  // how it may go on; none: it has ended
  bool has_failed_ = false;
};

}  // namespace

int be_the_scheduler(Context& context, const Stage& stage) {
  auto request = step_request(context.course, stage);
  request.sanitizers = {"plain"};  // a data race would end each schedule
  std::filesystem::path program;
  if (const auto verdict = build_programs(context.build(), stage, request, {"server", "test"}, program, context.stop)) {
    for (const auto& line :
         wrap(fmt::format("There is nothing to run: it {}. See ./learn run {}.", verdict->headline, stage.number()),
              output_width()))
      fmt::print("{}\n", line);
    return 1;
  }
  Game game(context, program);
  if (game.choose_test()) return game();
  fmt::print("In no test of {} do threads take turns.\n", stage.name);
  return 1;
}

}  // namespace runner
