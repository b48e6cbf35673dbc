#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "text/line.hpp"

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

/// A line for each group of threads that stand at the same place; the same for the same hang, however the threads were
/// numbered. "4 threads: wait for a notification, thread_pool.hpp:41 in work"
std::vector<std::string> lines_of(const ThreadPicture& picture);

/// What is known of a hang: the name of a row of docs/when_it_fails/hangs.md, and what fills its places {1}, {2}.
struct HangRule {
  std::string name{};
  std::vector<std::string> facts{};
};

/// The first rule that the picture fits; nothing when none does.
std::optional<HangRule> rule_of(const ThreadPicture& picture);

/// The lines of a picture and its rule as one program tells another: "rule: jobs-in-the-queue|2 jobs" comes last.
std::string told(const ThreadPicture& picture);

/// One such line, read again; nothing for any other line.
std::optional<Line> thread_line(std::string_view text);

}  // namespace runner
