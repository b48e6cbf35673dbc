#pragma once

#include <sys/types.h>

#include <mutex>
#include <vector>

namespace runner {

/// What /proc says of a process (proc(5)).
struct ProcessFacts {
  pid_t pid = 0;
  char name[16] = {};
  char state = '?';  // 'Z': it has ended, and nobody has asked for its exit status yet
  pid_t parent = 0;
  pid_t session = 0;
};

/// The processes of a session (see setsid(2)), zombies left out.
std::vector<pid_t> processes_in_session(pid_t session);

/// The sessions that this process has started and not yet seen to their end. Each is known by its leader, a child of
/// this process.
void session_begins(pid_t leader);
void session_ends(pid_t leader);
/// To be held while a child is started, so that nobody takes it for an orphan before its session is known.
[[nodiscard]] std::unique_lock<std::mutex> lock_for_start();

/// What the leader of a session left when it ended: members of its session, and orphans that came to this process from
/// sessions of their own. Those that have ended are reaped on the way.
std::vector<ProcessFacts> left_by(pid_t session);

/// Kills every process of a session.
void kill_session(pid_t session);

/// Kills all that this process has started, whatever has become of it. Also from a signal handler.
void kill_all_sessions();

}  // namespace runner
