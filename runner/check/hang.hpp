#pragma once

#include <sys/types.h>

#include <stop_token>
#include <string>
#include <string_view>

namespace runner {

/// The name of a process that a test program keeps to watch over itself (prctl(2), PR_SET_NAME).
inline constexpr std::string_view watchdog_name = "watchdog";

/// Where each thread of a process stands, a line for each place, and what that means; by gdb. Says so when gdb is not
/// there; empty when no thread stands in the learner's files, or gdb may not look.
std::string where_threads_stand(pid_t process, const std::stop_token& stop = {});

/// The same for all processes of a session, each below its name when there are several.
std::string where_session_stands(pid_t session, const std::stop_token& stop = {});

/// The command to which a process is given in order to learn where its threads stand: this program's own.
std::string threads_command();
/// Whether this program was called by that command, with `PID` behind it; every program that runs tests answers it.
bool asks_for_threads(int argc, char** argv);

}  // namespace runner
