#pragma once

#include <sys/types.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "course/words.hpp"
#include "system/process.hpp"

namespace runner {

/// `wanted` if a server could listen there now, else 0 (any).
int free_port(int wanted);
constexpr int usual_port = 8080;

/// Starts a stage's server in the sample site's folder. `root`: of the course.
Command server_command(const std::filesystem::path& root, const std::filesystem::path& server, int port);

/// How a server ended that nobody had stopped: "with exit code 1.", "by SIGPIPE: …".
std::string ending_in_words(const Finished& finished, const Words& words);

/// A stage's server that runs beside this program, on a thread of its own, until it is ended or ends by itself.
class RunningServer {
 public:
  explicit RunningServer(Command command);
  RunningServer(const RunningServer&) = delete;
  RunningServer& operator=(const RunningServer&) = delete;

  /// Waits for the line that says where it listens; nothing when it has ended, or has not said so in time.
  std::optional<std::uint16_t> port(std::chrono::milliseconds limit = std::chrono::hours(24));
  /// Waits until it has ended by itself; false when it goes on.
  bool has_ended(std::chrono::milliseconds limit);
  /// Its process; 0 when it was not started.
  pid_t process();
  /// Sends it SIGTERM, unless it has ended.
  void ask_to_stop();
  /// Ends it, unless it has ended.
  void stop();
  /// Waits for its end, and says how it ended.
  Finished wait();

 private:
  void read(std::string_view piece);

  std::mutex mutex_;                 // guards what follows, but for thread_
  std::condition_variable changed_;  // a port is known, or the server has ended
  std::string printed_;              // until the port is known
  std::optional<std::uint16_t> port_;
  std::optional<Finished> finished_;
  pid_t pid_ = 0;        // 0: not started
  std::jthread thread_;  // last: it uses the others
};

}  // namespace runner
