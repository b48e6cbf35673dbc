#include "learner/checker.hpp"

#include <exception>
#include <utility>

#include "check/check.hpp"
#include "course/shipped.hpp"

namespace runner {

void Checker::start(const Stage& stage) {
  if (checking_) {
    superseded_ = true;
    return cancel();
  }
  leave_support();
  checking_ = true;
  thread_ = std::jthread([this, &stage](const std::stop_token& stop) { check_and_tell(stage, stop); });
}

bool Checker::finish() {
  checking_ = false;
  return !std::exchange(superseded_, false);
}

void Checker::leave_support() {
  if (!checking_) thread_ = {};
}

void Checker::check_and_tell(const Stage& stage, const std::stop_token& stop) {
  Checked checked{.ended = true};
  try {
    checked.untouched = is_untouched(context_.course, stage);
    auto request = step_request(context_.course, stage);
    request.tells_story = true;
    request.on_activity = [this](const std::string& text) { events_.post(Activity{text}); };
    request.on_first_failure = [&](const Verdict& verdict) { events_.post(Checked{verdict, checked.untouched}); };
    checked.verdict = check(context_.build(stop), stage, request, stop);
  } catch (const Cancelled&) {
    checked.verdict.outcome = Outcome::cancelled;
  } catch (const std::exception& error) {
    checked.verdict.outcome = Outcome::cannot_build;
    checked.verdict.headline = error.what();
  }
  const bool compiles = checked.verdict.outcome != Outcome::build_fails;
  events_.post(std::move(checked));
  if (!compiles) build_support_meanwhile(stage, stop);
}

// A save, or the end, stops it.
void Checker::build_support_meanwhile(const Stage& stage, const std::stop_token& stop) {
  try {
    build_support(context_.build(stop), stage.sanitizers.front(), stop);
  } catch (const std::exception&) {
    // The next check says what is wrong.
  }
}

}  // namespace runner
