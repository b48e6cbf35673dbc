#include <fmt/core.h>
#include <signal.h>

#include <cstdlib>
#include <exception>
#include <filesystem>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "course/lesson.hpp"
#include "learner/checker.hpp"
#include "learner/commands.hpp"
#include "learner/events.hpp"
#include "learner/frame.hpp"
#include "learner/keys.hpp"
#include "learner/server_beside.hpp"
#include "learner/terminal.hpp"
#include "system/interrupt.hpp"
#include "system/save_events.hpp"
#include "system/uv_handle.hpp"

namespace runner {
namespace {

// Whether lines can be drawn over; else they are only added.
bool has_screen() {
  const char* term = std::getenv("TERM");
  const std::string_view name = term != nullptr ? term : "dumb";
  return name != "dumb" && !name.empty();
}

// One stage at a time on the screen, checked at each save. All of it is the loop's: other threads post events.
class Watch {
 public:
  Watch(Context& context, const Stage& stage);

  // Until the learner quits; the exit code, and what is left on the terminal after the screen is gone.
  std::pair<int, std::string> operator()();

 private:
  template <class Happened>
  Handle<uv_signal_t> post_at(int signal);

  void take(Event& event);
  void on(KeyPress pressed);
  void on(Saved);
  void on(Resized) { draw(); }
  void on(Continued);
  void on(Interrupted) { quit(); }
  void on(const Activity& activity);
  void on(Checked& checked);
  void on(ServerSays& said);

  void fulfil(std::monostate) { draw(); }
  void fulfil(Quit) { quit(); }
  void fulfil(Suspend);
  void fulfil(CheckAgain) { check(); }
  void fulfil(ServeOrEnd);
  void fulfil(GoTo chosen);

  void enter(const Stage& stage);
  void look_at_base();
  void check();
  void draw();
  void quit();

  // Destroyed from the last to the first: the threads end before the terminal is given back.
  Context& context_;
  const bool screen_ = has_screen();
  bool quitting_ = false;
  std::exception_ptr error_;  // which must not pass through libuv
  Shown shown_;
  Loop loop_;
  Events events_;
  Handle<uv_signal_t> resized_;
  Handle<uv_signal_t> continued_;
  SaveEvents saves_;
  Terminal terminal_;
  Checker checker_;
  ServerBeside server_;
};

Watch::Watch(Context& context, const Stage& stage)
    : context_(context),
      shown_{{.stage = &stage}},
      events_(loop_.get(), [this](Event event) { take(event); }),
      resized_(post_at<Resized>(SIGWINCH)),
      continued_(post_at<Continued>(SIGCONT)),
      saves_(loop_.get(), [this] { events_.post(Saved{}); }),
      terminal_(loop_.get(), screen_, [this](KeyPress pressed) { events_.post(pressed); }),
      checker_(context, events_),
      server_(context, events_) {}

template <class Happened>
Handle<uv_signal_t> Watch::post_at(int signal) {
  const auto post = [](uv_signal_t* handle, int) { static_cast<Events*>(handle->data)->post(Happened{}); };
  auto handle = make_handle(loop_.get(), uv_signal_init);
  handle->data = &events_;
  uv_signal_start(handle.get(), post, signal);
  return handle;
}

std::pair<int, std::string> Watch::operator()() {
  const std::stop_callback on_interrupt(context_.stop, [this] { events_.post(Interrupted{}); });
  enter(*shown_.stage);
  loop_.run();
  if (error_) std::rethrow_exception(error_);
  const int code = interrupt_signal() != 0 ? 128 + interrupt_signal() : 0;
  const auto number = context_.course.index_of(*shown_.stage) + 1;
  return {code, fmt::format("Stage {}, {}: {}. ./learn goes on from here.\n", number, shown_.stage->title,
                            shown_.passes() ? "passes" : "does not pass yet")};
}

void Watch::take(Event& event) {
  if (quitting_) return;
  try {
    std::visit([this](auto& each) { on(each); }, event);
  } catch (...) {
    error_ = std::current_exception();
    quit();
  }
}

void Watch::on(KeyPress pressed) {
  std::visit([this](auto wish) { fulfil(wish); }, press(context_, shown_, pressed, terminal_.window()));
}

void Watch::on(Saved) {
  look_at_base();
  check();
}

void Watch::on(Continued) {
  terminal_.resume();
  draw();
}

void Watch::on(const Activity& activity) {
  if (checker_.is_superseded()) return;
  shown_.activity = activity.text;
  if (screen_) draw();
}

void Watch::on(Checked& checked) {
  if (checked.ended && !checker_.finish()) return check();
  if (checker_.is_superseded()) return;
  if (checked.verdict.outcome != Outcome::cancelled) {
    shown_.untouched = checked.untouched;
    shown_.verdict = std::move(checked.verdict);
    if (shown_.passes()) {
      context_.progress.mark_done(shown_.stage->name, today());
      shown_.was_done = true;
    }
    if (shown_.view == View::stage && !shown_.told_early) shown_.scroll = 0;
    shown_.told_early = !checked.ended;
  }
  if (screen_ || checked.ended) draw();
}

void Watch::on(ServerSays& said) {
  server_.take(std::move(said));
  draw();
}

void Watch::fulfil(Suspend) {
  terminal_.suspend();
  draw();
}

void Watch::fulfil(ServeOrEnd) {
  if (server_.runs()) {
    server_.stop();
  } else {
    checker_.leave_support();
    server_.start(*shown_.stage);
  }
  draw();
}

void Watch::fulfil(GoTo chosen) {
  enter(context_.course.stages()[chosen.index]);
}

void Watch::enter(const Stage& stage) {
  server_.stop();
  shown_ = {{.stage = &stage, .keys = true}};
  context_.progress.mark_current(stage.name);
  shown_.message = context_.progress.problem();
  shown_.was_done = context_.progress.read().is_done(stage.name);
  look_at_base();
  check();
}

// `./learn base` may say something else in another terminal: then others of the learner's files count.
void Watch::look_at_base() {
  const auto& stage = *shown_.stage;
  const bool mine = context_.base_mine();
  shown_.below = mine ? not_done_below(context_.course, stage, context_.progress.read()) : std::vector<std::string>();
  std::vector<std::filesystem::path> files;
  for (const auto& [file, origin] : context_.course.origins(stage)) {
    if (origin == stage.name || mine) files.push_back(context_.course.root() / "steps" / origin / file);
  }
  if (context_.base.empty()) files.push_back(context_.base_file());
  saves_.watch(std::move(files));
}

void Watch::check() {
  std::string problem;
  shown_.lesson = lesson_of(context_.course, *shown_.stage, &problem);
  if (!problem.empty()) shown_.message = problem;
  if (!server_.runs()) server_.stop();  // what it said was of files that may have changed
  shown_.told_early = false;
  shown_.activity = "building …";
  checker_.start(*shown_.stage);
  draw();
}

void Watch::draw() {
  shown_.checking = checker_.is_checking();
  shown_.serving = server_.says();
  shown_.polls = saves_.polls();
  // Each finished check, and each answer to a key, is added once.
  if (!screen_ && shown_.checking && shown_.view == View::stage) return;
  const auto window = terminal_.window();
  terminal_.draw(frame(context_, shown_, window, screen_));
}

void Watch::quit() {
  quitting_ = true;
  checker_.cancel();
  loop_.stop();
}

}  // namespace

int watch(Context& context, const Stage& stage) {
  const auto [code, farewell] = Watch(context, stage)();  // its end gives the terminal back
  fmt::print("{}", farewell);
  return code;
}

}  // namespace runner
