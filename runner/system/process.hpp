#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "system/programs.hpp"

namespace runner {

struct Command {
  std::vector<std::string> words{};                        // program and arguments; the program is looked up in PATH
  std::filesystem::path folder{};                          // empty: the current one
  Variables environment{};                                 // added to what environment_of passes on
  std::string input{};                                     // what the program reads on its standard input
  std::chrono::milliseconds time_limit{0};                 // 0: none
  std::size_t output_limit = 16 << 20;                     // bytes; a program that prints more is stopped
  bool fixed_addresses = false;                            // it and its children: no address randomisation
  std::function<void(pid_t)> on_start{};                   // called when the program has been started
  std::function<void(std::string_view)> on_output{};       // called with each piece as it comes
  std::function<std::string(pid_t session)> on_overrun{};  // asked what hangs, before the session is killed
};

enum class End { exited, killed_by_signal, overran, flooded, cancelled, not_started };

struct Finished {
  End end = End::not_started;
  int code = 0;        // exit code, or the signal's number
  std::string output;  // stdout and stderr in the order written; the middle of a long text is left out
  std::string hang;    // what on_overrun answered
  std::string error;   // why it did not start
  std::vector<std::string> left_behind;  // "sleep (pid 4711)": processes that outlived the program; they are killed
  std::chrono::microseconds elapsed{0};

  bool ok() const { return end == End::exited && code == 0; }
};

/// Runs a program in a session of its own to its end, and ends everything that it leaves behind. Blocks; may be called
/// from several threads at once. A stop request ends the program at once.
Finished run(const Command& command, std::stop_token stop = {});

/// Once, at the start: orphans of what `run` starts come to this process, so that none escapes, and no core is dumped.
void adopt_orphans();

}  // namespace runner
