#include <fmt/core.h>

#include "check/running_server.hpp"
#include "learner/watch_session.hpp"
#include "text/text.hpp"

namespace runner {

void Watch::start_serving() {
  stop_building_support();
  starting_ = true;
  serving_ = "starting the server …";
  serve_stop_ = std::stop_source();
  server_ended_ = false;
  server_says_.clear();
  server_ = std::jthread([this, stop = serve_stop_.get_token(), stage = &stage()] {
    const auto tell = [this](std::string text, bool ended) {
      const std::lock_guard lock(mutex_);
      server_says_ = std::move(text);
      server_ended_ = ended;
      uv_async_send(&wake_);
    };
    try {
      std::filesystem::path program;
      if (build_server(context_.build(stop), *stage, step_request(context_.course, *stage), program, stop)) {
        return tell("There is no server to open yet: the stage has to compile first.", false);
      }
      RunningServer server(server_command(context_.course.root(), program, free_port(usual_port)),
                           [&](const std::string& address) {
                             tell(fmt::format("Your server answers at {} (s ends it)", address), false);
                           });
      const std::stop_callback ends(stop, [&] { server.stop(); });
      const auto finished = server.wait();
      if (finished.end == End::cancelled) return tell("", true);
      tell(fmt::format("The server has ended {} s starts it again.",
                       ending_in_words(finished, words_of(context_.course, *stage))),
           false);
    } catch (const std::exception& error) {
      tell(error.what(), false);
    }
  });
}

void Watch::stop_serving() {
  serve_stop_.request_stop();
  if (server_.joinable()) server_.join();
  starting_ = false;
  serving_.clear();
  server_says_.clear();
}

}  // namespace runner
