#pragma once

#include <stop_token>
#include <string>
#include <thread>

#include "course/course.hpp"
#include "learner/commands.hpp"
#include "learner/events.hpp"

namespace runner {

/// The learner's server beside watch mode: built and run by a thread of its own, which posts ServerSays.
class ServerBeside {
 public:
  ServerBeside(const Context& context, Events& events) : context_(context), events_(events) {}

  void start(const Stage& stage);
  /// Ends it, and waits for its end.
  void stop();
  /// For each ServerSays: what a server said that is no longer wanted does not count.
  void take(ServerSays said);

  /// It is being built, or answers.
  bool runs() const { return runs_; }
  /// What to show; empty when there is nothing to say.
  const std::string& says() const { return says_; }

 private:
  void serve(const Stage& stage, int server, const std::stop_token& stop);

  const Context& context_;
  Events& events_;
  int newest_ = 0;
  bool runs_ = false;
  std::string says_;
  std::jthread thread_;
};

}  // namespace runner
