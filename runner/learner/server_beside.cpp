#include "learner/server_beside.hpp"

#include <fmt/core.h>

#include <exception>
#include <filesystem>
#include <utility>

#include "check/check.hpp"
#include "check/running_server.hpp"

namespace runner {

void ServerBeside::start(const Stage& stage) {
  stop();
  runs_ = true;
  says_ = "starting the server …";
  thread_ = std::jthread([this, &stage, server = newest_](const std::stop_token& stop) { serve(stage, server, stop); });
}

void ServerBeside::stop() {
  ++newest_;
  thread_ = {};
  runs_ = false;
  says_.clear();
}

void ServerBeside::take(ServerSays said) {
  if (said.server != newest_) return;
  runs_ = said.runs;
  says_ = std::move(said.text);
}

void ServerBeside::serve(const Stage& stage, int server, const std::stop_token& stop) {
  const auto tell = [&](bool runs, std::string text) { events_.post(ServerSays{server, runs, std::move(text)}); };
  try {
    const auto request = step_request(context_.course, stage);
    std::filesystem::path program;
    if (build_programs(context_.build(stop), stage, request, {"server"}, program, stop)) {
      return tell(false, "There is no server to open yet: the stage has to compile first.");
    }
    RunningServer running(server_command(context_.course.root(), program, free_port(usual_port)));
    const std::stop_callback ends(stop, [&] { running.stop(); });
    if (const auto port = running.port()) {
      tell(true, fmt::format("Your server answers at http://127.0.0.1:{}/ (s ends it)", *port));
    }
    const auto finished = running.wait();
    if (finished.end == End::cancelled) return;
    tell(false, fmt::format("The server has ended {} s starts it again.", ending_in_words(finished, request.words)));
  } catch (const std::exception& error) {
    tell(false, error.what());
  }
}

}  // namespace runner
