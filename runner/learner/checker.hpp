#pragma once

#include <stop_token>
#include <thread>

#include "course/course.hpp"
#include "learner/commands.hpp"
#include "learner/events.hpp"

namespace runner {

/// Checks a stage on a thread of its own, which posts Activity and Checked, the last one when it has ended. While the
/// learner then reads what does not compile, the thread builds what every test needs.
class Checker {
 public:
  Checker(const Context& context, Events& events) : context_(context), events_(events) {}

  /// Starts a check, unless one is under way. That one is cancelled, and no longer counts.
  void start(const Stage& stage);
  /// The check that is under way ends soon, and posts that.
  void cancel() { thread_.request_stop(); }
  /// At its end: whether it counts. If it does not, a start came meanwhile, and has to come again.
  bool finish();

  bool is_checking() const { return checking_; }
  /// The check that is under way does not count.
  bool is_superseded() const { return superseded_; }

  /// Ends the build of what every test needs.
  void leave_support();

 private:
  void check_and_tell(const Stage& stage, const std::stop_token& stop);
  void build_support_meanwhile(const Stage& stage, const std::stop_token& stop);

  const Context& context_;
  Events& events_;
  bool checking_ = false;
  bool superseded_ = false;
  std::jthread thread_;
};

}  // namespace runner
