#include <fmt/core.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <optional>

#include "check/story_source.hpp"
#include "check/time_limit.hpp"
#include "course/given.hpp"
#include "learner/commands.hpp"
#include "system/process.hpp"
#include "system/terminal_size.hpp"
#include "text/text.hpp"

namespace runner {
namespace {

void say(const std::string& text, int width = std::min(output_width(), 80)) {
  for (const auto& line : wrap(text, width)) fmt::print("{}\n", line);
}

// A test of the stage, whose threads go on as the reader says. Nothing is kept between two steps: the test is run anew,
// with all that was chosen.
class Game {
 public:
  Game(Context& context, CheckRequest request, std::filesystem::path program, SourceLine source)
      : context_(context), request_(std::move(request)), program_(std::move(program)), source_(std::move(source)) {}

  // The test that fails first, if one does, else the first whose threads take turns; false: there is none.
  bool choose_test() {
    auto found = read_story(run_test({{"SERVERLINGS_STORY", "1"}}, {"--abort-after=1"}).output);
    fails_ = !found.steps.empty();
    fewest_ = found.switches;
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

  // `switches`: tries all that begin so, with as many more; else there is one schedule, up to the next choice.
  Finished run_from(const std::vector<int>& chosen, std::optional<int> switches = {}) const {
    std::vector<std::string> numbers;
    for (const int each : chosen) numbers.push_back(std::to_string(each));
    std::vector<std::pair<std::string, std::string>> settings{{"SERVERLINGS_CHOICES", join(numbers, ",")}};
    if (switches) {
      settings.emplace_back("SERVERLINGS_SEARCH", "1");
      settings.emplace_back("SERVERLINGS_SWITCHES", std::to_string(*switches));
    }
    return run_test(std::move(settings), {"--test-case=" + replaced(test_, ",", "*")});
  }

  static bool has_failed(const Finished& finished) {
    return !finished.ok() || printable(finished.output).find("\nnot ok ") != std::string::npos;
  }

  // Runs up to the next choice, and shows what has happened.
  void look() {
    last_run_ = run_from(chosen_);
    const auto output = printable(last_run_.output);
    story_ = read_story(output);
    choices_ = read_choices(output);
    fmt::print("\n");
    for (const auto& line : story_text(story_, source_, width_, context_.paint)) fmt::print("{}\n", line);
  }

  void end() const {
    if (!has_failed(last_run_)) return say("\nThis schedule comes to its end, and nothing fails. u takes a step back.");
    if (story_.ends.empty() && !story_.goes_on) {
      Verdict verdict;
      verdict.full_text = printable(last_run_.output);
      judge_tests({last_run_, time_limit(), Command{}.output_limit, context_.course.root(), request_.words}, verdict);
      fmt::print("\n");
      for (const auto& line : failure_lines(verdict, width_)) fmt::print("{}\n", line);
    }
    const int switches = story_.switches;
    say(fmt::format("\nIt fails. {} a thread was held up that could go on, or woke up for no reason.",
                    switches == 1 ? "Once" : counted(switches, "time")));
    if (!fails_) return;
    say(switches <= fewest_ ? "Of the schedules that the tests tried, none fails in which that happens less often."
                            : fmt::format("The tests found a schedule in which that happens {}: can you find it?",
                                          fewest_ == 1 ? "once" : counted(fewest_, "time")));
  }

  void hint() const {
    const int most = std::max(1, fewest_);
    for (int switches = 0; switches <= most; ++switches) {
      std::vector<std::string> after;
      for (std::size_t i = 0; i < choices_.size() && !context_.stop.stop_requested(); ++i) {
        auto chosen = chosen_;
        chosen.push_back(static_cast<int>(i));
        if (has_failed(run_from(chosen, switches))) after.push_back(std::to_string(i + 1));
      }
      if (!after.empty()) return say("A failure can come after " + join(after, " or after ") + ".");
    }
    say("From here the tests find no failure. u takes a step back.");
  }

  // What each thread does that cannot be chosen, as its last step says.
  void show_others() const {
    std::map<int, const StoryStep*> last;
    for (const auto& step : story_.steps) last[step.thread] = &step;
    for (const auto& choice : choices_) last.erase(choice.thread);
    for (const auto& [thread, step] : last)
      fmt::print("{}\n", context_.paint.dim(fmt::format("-  {} {}", thread_name(thread),
                                                        step->what == "ends" ? "has ended" : step->what)));
  }

  void show_choices() const {
    fmt::print("\n");
    for (std::size_t i = 0; i < choices_.size(); ++i) {
      const auto& choice = choices_[i];
      const auto line = choice.place.file.empty() ? std::string() : std::string(trimmed(source_(choice.place)));
      const auto file = std::filesystem::path(choice.place.file).filename().string() + ":";
      const auto at =
          line.empty() ? line
                       : fmt::format(", at {}{}: {}", file == "thread_pool.hpp:" ? "" : file, choice.place.line, line);
      fmt::print("{}\n",
                 cut_to_width(fmt::format("{}  {} {}{}", i + 1, thread_name(choice.thread), choice.what, at), width_));
    }
    if (!choices_.empty()) show_others();
  }

  // Asks how to go on, until that is said; false: the reader ends.
  bool answer() {
    std::string line;
    for (;;) {
      show_choices();
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
  CheckRequest request_;
  std::filesystem::path program_;
  SourceLine source_;
  int width_ = std::min(output_width(), 80);
  std::string test_{};
  bool fails_ = false;  // under a schedule that the tests try
  int fewest_ = 0;      // switches in that
  std::vector<int> chosen_{};
  Finished last_run_{};  // with all that was chosen
  Story story_{};
  std::vector<StoryChoice> choices_{};  // how it may go on; none: it has ended
};

int list_what_can_be_played(const Context& context) {
  say("You say which thread goes on, and try to make a test fail: with your own pool, by the number of its stage,");
  fmt::print("\n  ./learn schedule {}\n", context.course.stages().back().number());
  const auto pools = given_pools(context.course);
  if (!pools.empty()) say("\nor with one of these, which are all wrong:");
  for (const auto& pool : pools) {
    fmt::print("\n  ./learn schedule {}\n", pool.full_name());
    for (const auto& line : wrap(pool.task, std::min(output_width(), 80), "      ", "      ")) fmt::print("{}\n", line);
  }
  return 0;
}

}  // namespace

int be_the_scheduler(Context& context, const std::string& what) {
  if (what.empty()) return list_what_can_be_played(context);
  std::optional<GivenPool> given;
  if (what.find(':') != std::string::npos) given = find_given(context.course, what);
  const auto& stage = given ? *given->stage : context.course.find(what);
  auto request = step_request(context.course, stage);
  request.sanitizers = {"plain"};  // a data race would end each schedule
  if (given) {
    put_given(context.course, *given);
    request.kind = "given";
  }
  std::filesystem::path program;
  std::vector<std::string> programs{"test"};
  if (!given) programs.insert(programs.begin(), "server");
  if (const auto verdict = build_programs(context.build(), stage, request, programs, program, context.stop)) {
    say(fmt::format("There is nothing to run: it {}. See ./learn run {}.", verdict->headline, stage.number()));
    return 1;
  }
  const auto steps = given ? given_root(context.course) : context.course.root();
  if (given) {
    say(given->task);
    fmt::print("Its source: {}\n\n",
               (steps.lexically_relative(context.course.root()) / "steps" / stage.name / "thread_pool.hpp").string());
  }
  Game game(context, request, program, source_of(context.course.root(), steps));
  if (game.choose_test()) return game();
  fmt::print("In no test of {} do threads take turns.\n", stage.name);
  return 1;
}

}  // namespace runner
