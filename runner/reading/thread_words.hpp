#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reading/backtraces.hpp"
#include "text/line.hpp"

namespace runner {

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
