#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace runner {

/// What keeps a thread from going on.
enum class Wait { nothing, condition, mutex, join, meeting, accept, receive, send, read, poll, process, sleep, system };

/// One thread of a program that hangs.
struct ThreadPlace {
  pid_t id = 0;                      // the kernel's number of the thread
  bool main = false;                 // it runs main
  Wait wait = Wait::nothing;         // nothing: it is running
  std::string file{};                // of the innermost frame in the learner's files; empty: there is none
  int line = 0;                      // likewise
  std::string function{};            // "work", "~ThreadPool", "a lambda in execute"
  std::vector<std::string> outer{};  // the learner's functions that called it, innermost first
  pid_t holder = 0;                  // the thread that holds the mutex that this one waits for; 0: unknown
};

struct ThreadPicture {
  std::vector<ThreadPlace> threads{};  // those that stand in the learner's files
  std::optional<int> queued{};         // elements of the pool's queue, when they could be counted
};

/// Reads what gdb's `thread apply all backtrace` prints, and the lines of `queue_counter`.
ThreadPicture read_backtraces(std::string_view gdb_output);

/// A command for gdb that prints how many elements a queue holds that is a member of some `this`; needs gdb's Python.
extern const std::string_view queue_counter;

}  // namespace runner
