#include "system/processes.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <ctime>

namespace runner {
namespace {

constexpr int rounds_of_killing = 100;  // what is killed may leave orphans, which are found in the next round

std::mutex starting;  // held while a child is started or an ended one is forgotten: guards the meaning of `leaders`
std::array<std::atomic<pid_t>, 256> leaders;  // of the sessions under way; 0: a free place. Atomic for signal handlers.

bool is_leader(pid_t pid) {
  return pid > 0 && std::ranges::any_of(leaders, [&](const auto& leader) { return leader == pid; });
}

void replace_leader(pid_t old, pid_t next) {
  for (auto& place : leaders) {
    pid_t expected = old;
    if (place.compare_exchange_strong(expected, next)) return;
  }
}

pid_t to_pid(const char*& text) {
  while (*text == ' ') ++text;
  pid_t number = 0;
  while (*text >= '0' && *text <= '9') number = 10 * number + (*text++ - '0');
  return number;
}

// /proc/PID/stat; the name may hold blanks and brackets, so the last bracket ends it. Async-signal-safe.
bool read_facts(const char* pid, ProcessFacts& facts) {
  char path[64] = "/proc/";
  std::strncat(path, pid, 20);
  std::strcat(path, "/stat");
  const int file = ::open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  char text[512];
  const auto size = ::read(file, text, sizeof text - 1);
  ::close(file);
  if (size <= 0) return false;
  text[size] = '\0';
  const char* open = std::strchr(text, '(');
  const char* close = std::strrchr(text, ')');
  if (open == nullptr || close == nullptr || close[1] != ' ' || close[2] == '\0') return false;
  facts.pid = to_pid(pid);
  const auto length = std::min<std::size_t>(static_cast<std::size_t>(close - open - 1), sizeof facts.name - 1);
  std::memcpy(facts.name, open + 1, length);
  facts.name[length] = '\0';
  facts.state = close[2];
  const char* rest = close + 3;
  facts.parent = to_pid(rest);
  to_pid(rest);  // the process group
  facts.session = to_pid(rest);
  return true;
}

// Async-signal-safe if `see` is: opendir(3) would allocate.
template <class See>
void each_process(const See& see) {
  const int folder = ::open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return;
  alignas(dirent64) char entries[16384];
  for (ssize_t size; (size = getdents64(folder, entries, sizeof entries)) > 0;) {
    for (ssize_t at = 0; at < size;) {
      const auto* entry = reinterpret_cast<const dirent64*>(entries + at);
      at += entry->d_reclen;
      ProcessFacts facts;
      if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' && read_facts(entry->d_name, facts)) see(facts);
    }
  }
  ::close(folder);
}

}  // namespace

std::vector<pid_t> processes_in_session(pid_t session) {
  std::vector<pid_t> found;
  each_process([&](const ProcessFacts& facts) {
    if (facts.session == session && facts.state != 'Z') found.push_back(facts.pid);
  });
  return found;
}

std::unique_lock<std::mutex> lock_for_start() {
  return std::unique_lock(starting);
}

void session_begins(pid_t leader) {
  replace_leader(0, leader);
}

void session_ends(pid_t leader) {
  const std::lock_guard lock(starting);
  replace_leader(leader, 0);
}

std::vector<ProcessFacts> left_by(pid_t session) {
  const std::lock_guard lock(starting);
  std::vector<ProcessFacts> found;
  each_process([&](const ProcessFacts& facts) {
    const bool ours = facts.session == session || !is_leader(facts.session);
    const bool orphan = ours && facts.parent == getpid() && !is_leader(facts.pid);
    const bool member = facts.session == session && facts.pid != session;
    if (orphan && facts.state == 'Z')
      waitpid(facts.pid, nullptr, WNOHANG);
    else if ((member || orphan) && facts.state != 'Z')
      found.push_back(facts);
  });
  return found;
}

void kill_session(pid_t session) {
  ::kill(-session, SIGKILL);  // its first process group, so that nothing more is started by it
  each_process([&](const ProcessFacts& facts) {
    if (facts.session == session) ::kill(facts.pid, SIGKILL);
  });
}

void kill_all_sessions() {
  for (int round = 0; round < rounds_of_killing; ++round) {
    bool found = false;
    each_process([&](const ProcessFacts& facts) {
      const bool started_here = is_leader(facts.session) || facts.parent == getpid();
      if (!started_here || facts.pid == getpid()) return;
      if (facts.state == 'Z') {
        if (facts.parent == getpid()) waitpid(facts.pid, nullptr, WNOHANG);
        return;
      }
      ::kill(facts.pid, SIGKILL);
      found = true;
    });
    if (!found) return;
    const timespec moment{0, 2'000'000};
    nanosleep(&moment, nullptr);
  }
}

}  // namespace runner
