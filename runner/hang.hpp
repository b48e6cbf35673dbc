#pragma once

#include <sys/types.h>

#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace runner {

/// One thread of a stopped program, as far as a learner can act on it.
struct ThreadPlace {
  std::string thread;    // "thread 2 of the server"
  std::string doing;     // "waits in recv for bytes", "is running"
  std::string function;  // the innermost function that stands in a file of the course
  std::string place;     // "steps/04_whole_request/read_request.cpp:17"; empty when no such frame exists
};

/// Reads what gdb's `thread apply all bt` prints; `program` is "server" or "test".
std::vector<ThreadPlace> read_backtraces(std::string_view gdb_output, std::string_view program);

/// Where each thread of a session's processes stands, a line each, by gdb; says so when gdb is not there or may not
/// look.
std::string where_threads_stand(pid_t session, std::stop_token stop = {});

}  // namespace runner
