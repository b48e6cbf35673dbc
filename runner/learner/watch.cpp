#include "learner/watch.hpp"

#include <fmt/core.h>

#include <cstdlib>
#include <utility>

#include "check/support_build.hpp"
#include "course/shipped.hpp"
#include "learner/base.hpp"
#include "learner/watch_session.hpp"
#include "system/interrupt.hpp"

namespace runner {

Watch::Watch(Context& context, const Stage& stage)
    : context_(context), index_(context.course.index_of(stage)), saves_(loop(), [this] { start_check(); }) {
  const char* term = std::getenv("TERM");
  const std::string_view name = term != nullptr ? term : "dumb";
  screen_ = name != "dumb" && !name.empty();
  uv_async_init(&loop(), &wake_, [](uv_async_t* handle) { static_cast<Watch*>(handle->data)->woken(); });
  wake_.data = this;
  uv_signal_init(&loop(), &resized_);
  resized_.data = this;
  uv_signal_start(
      &resized_, [](uv_signal_t* handle, int) { static_cast<Watch*>(handle->data)->draw(); }, SIGWINCH);
  uv_signal_init(&loop(), &continued_);
  continued_.data = this;
  uv_signal_start(
      &continued_, [](uv_signal_t* handle, int) { static_cast<Watch*>(handle->data)->go_on(); }, SIGCONT);
}

int Watch::operator()() {
  Terminal terminal(loop(), screen_, [this](KeyPress key) { press(key); });
  terminal_ = &terminal;
  const std::stop_callback on_interrupt(context_.stop, [this] { uv_async_send(&wake_); });
  enter();
  uv_run(&loop(), UV_RUN_DEFAULT);
  return interrupt_signal() != 0 ? 128 + interrupt_signal() : 0;
}

std::string Watch::farewell() const {
  const bool passes = verdict_ && verdict_->passes();
  return fmt::format("Stage {}, {}: {}. ./learn goes on from here.\n", index_ + 1, stage().title,
                     passes ? "passes" : "does not pass yet");
}

void Watch::enter() {
  stop_serving();
  verdict_.reset();
  view_ = View::stage;
  scroll_ = 0;
  answer_asked_ = false;
  message_.clear();
  context_.progress.mark_current(stage().name);
  message_ = context_.progress.problem();
  const auto progress = context_.progress.read();
  was_done_ = progress.is_done(stage().name);
  below_ = context_.base_mine ? not_done_below(context_.course, stage(), progress) : std::vector<std::string>{};
  hints_ = 0;
  std::vector<std::filesystem::path> files;
  for (const auto& [file, origin] : context_.course.origins(stage())) {
    if (origin == stage().name || context_.base_mine) files.push_back(context_.course.root() / "steps" / origin / file);
  }
  saves_.watch(files);
  start_check();
}

// While the learner reads what does not compile yet; a save, or the end, stops it.
void Watch::build_support_meanwhile() {
  support_builder_ = std::jthread([this, sanitizer = stage().sanitizers.front()](const std::stop_token& stop) {
    try {
      const auto build = context_.build(stop);
      if (!has_support(build, sanitizer)) build_support(build, sanitizer, stop);
    } catch (const std::exception&) {
      // The next check says what is wrong.
    }
  });
}

void Watch::stop_building_support() {
  support_builder_ = {};
}

void Watch::start_check() {
  if (checking_) {
    again_ = true;
    check_stop_.request_stop();
    return;
  }
  std::string problem;
  lesson_ = lesson_of(context_.course, stage(), &problem);
  if (!problem.empty()) message_ = problem;
  stop_building_support();
  checking_ = true;
  again_ = false;
  told_early_ = false;
  activity_ = "building …";
  check_stop_ = std::stop_source();
  checker_ = std::jthread([this, stop = check_stop_.get_token(), stage = &stage()] {
    Verdict found;
    bool untouched = false;
    std::string failure;
    try {
      untouched = is_untouched(context_.course, *stage);
      auto request = step_request(context_.course, *stage);
      request.on_activity = [this](const std::string& activity) {
        const std::lock_guard lock(mutex_);
        activity_ = activity;
        uv_async_send(&wake_);
      };
      request.on_first_failure = [&](const Verdict& first_failure) {
        const std::lock_guard lock(mutex_);
        first_failure_ = first_failure;
        found_untouched_ = untouched;
        uv_async_send(&wake_);
      };
      found = check(context_.build(stop), *stage, request, stop);
    } catch (const Cancelled&) {
      found.outcome = Outcome::cancelled;
    } catch (const std::exception& error) {
      found.outcome = Outcome::cannot_build;
      found.headline = error.what();
    }
    const std::lock_guard lock(mutex_);
    found_ = std::move(found);
    found_untouched_ = untouched;
    uv_async_send(&wake_);
  });
  draw();
}

void Watch::woken() {
  if (context_.stop.stop_requested()) return quit();
  std::optional<Verdict> found;
  std::optional<Verdict> first_failure;
  {
    const std::lock_guard lock(mutex_);
    found.swap(found_);
    first_failure.swap(first_failure_);
    untouched_ = found || first_failure ? found_untouched_ : untouched_;
    if (!server_says_.empty()) serving_ = server_says_;
    if (server_ended_) serving_.clear();
  }
  if (first_failure && !again_) {
    told_early_ = true;
    verdict_ = std::move(first_failure);
    if (view_ == View::stage) scroll_ = 0;
  }
  if (found) {
    checker_.join();
    checking_ = false;
    if (again_) return start_check();
    if (found->outcome == Outcome::build_fails) build_support_meanwhile();
    if (found->outcome != Outcome::cancelled) {
      verdict_ = std::move(found);
      if (verdict_->passes()) {
        context_.progress.mark_done(stage().name, today());
        was_done_ = true;
      }
      if (view_ == View::stage && !told_early_) scroll_ = 0;
    }
  }
  draw();
}

void Watch::go_on() {
  if (quitting_ || terminal_ == nullptr) return;
  terminal_->resume();
  draw();
}

void Watch::quit() {
  if (std::exchange(quitting_, true)) return;
  check_stop_.request_stop();
  stop_building_support();
  stop_serving();
  if (checker_.joinable()) checker_.join();
  terminal_->close();
  saves_.close();
  uv_close(reinterpret_cast<uv_handle_t*>(&wake_), nullptr);
  uv_close(reinterpret_cast<uv_handle_t*>(&resized_), nullptr);
  uv_close(reinterpret_cast<uv_handle_t*>(&continued_), nullptr);
}

int watch(Context& context, const Stage& stage) {
  Watch watch(context, stage);
  const int code = watch();
  fmt::print("{}", watch.farewell());
  return code;
}

}  // namespace runner
