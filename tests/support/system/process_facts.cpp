#include "system/process_facts.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace support {
namespace {

std::string folder_of(pid_t process) {
  return "/proc/" + std::to_string(process);
}

std::string task_of(pid_t process, int thread) {
  return folder_of(process) + "/task/" + std::to_string(thread);
}

// Empty when there is no such file (any more).
std::string contents(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return {};
  std::string text;
  char part[2048];
  ssize_t count = 0;
  while ((count = ::read(file, part, sizeof part)) > 0) text.append(part, static_cast<std::size_t>(count));
  ::close(file);
  return text;
}

// The entries of a folder that are numbers; false when it cannot be read.
bool read_numbers(const std::string& path, std::vector<int>& numbers) {
  const std::unique_ptr<DIR, int (*)(DIR*)> folder{::opendir(path.c_str()), ::closedir};
  if (!folder) return false;
  while (const dirent* entry = ::readdir(folder.get())) {
    if (entry->d_name[0] == '.') continue;
    const int number = std::atoi(entry->d_name);
    if (number == 0 && entry->d_name[0] != '0') continue;
    if (number != ::dirfd(folder.get()) || path != folder_of(::getpid()) + "/fd") numbers.push_back(number);
  }
  return true;
}

// "123 (name) S 99 …" without what is before the S; the name may contain anything.
std::string state_and_rest(const std::string& path) {
  const std::string stat = contents(path);
  const std::size_t name_end = stat.rfind(") ");
  return name_end == stat.npos ? "" : stat.substr(name_end + 2);
}

std::vector<int> children_of(pid_t process) {
  std::vector<int> children;
  const std::string list = task_of(process, process) + "/children";  // only some kernels have it
  if (::access(list.c_str(), F_OK) == 0) {
    std::vector<int> threads;
    read_numbers(folder_of(process) + "/task", threads);
    for (const int thread : threads) {
      const std::string words = contents(task_of(process, thread) + "/children");
      for (const char* at = words.c_str(); *at != '\0';) {
        char* end = nullptr;
        children.push_back(static_cast<int>(std::strtol(at, &end, 10)));
        at = *end == ' ' ? end + 1 : end;
      }
    }
    return children;
  }
  std::vector<int> all;
  read_numbers("/proc", all);
  for (const int other : all) {
    const std::string stat = state_and_rest(folder_of(other) + "/stat");
    if (stat.size() > 2 && std::atoi(stat.c_str() + 2) == process) children.push_back(other);
  }
  return children;
}

std::string status_of(pid_t process, int thread) {
  return contents(task_of(process, thread) + "/status");
}

bool has_ended(const std::string& status) {
  const std::size_t at = status.find("\nState:\t");
  return at == status.npos || std::strchr("ZX", status[at + 8]) != nullptr;
}

// The signals that a thread has blocked, in /proc's own words.
std::string blocked_signals(const std::string& status) {
  constexpr std::string_view name = "\nSigBlk:\t";
  const std::size_t at = status.find(name);
  return at == status.npos ? "" : status.substr(at + name.size(), 16);
}

bool is_asleep(const std::string& status) {
  const std::size_t at = status.find("\nState:\t");
  return at != status.npos && status[at + 8] == 'S';
}

// What a thread of ThreadSanitizer's own has blocked: which signals these are differs from version to version. This
// program shows it, as it has the same ThreadSanitizer as the one that is looked at: beside main and a thread that it
// starts here, there is only that one. Empty where there is none.
std::string blocked_by_thread_sanitizer() {
  std::string blocked;
  if (!thread_sanitizer) return blocked;
  std::thread{[&blocked] {
    std::vector<int> threads;
    read_numbers("/proc/self/task", threads);
    for (const int thread : threads) {
      if (thread == ::getpid() || thread == ::gettid()) continue;
      std::string status;
      do {  // while a thread is being started, it has more of them blocked
        status = status_of(::getpid(), thread);
      } while (!status.empty() && !is_asleep(status));
      blocked = blocked_signals(status);
    }
  }}.join();
  return blocked;
}

// Looked up while nothing else goes on.
const std::string own_threads_block = blocked_by_thread_sanitizer();

// In ticks since the machine was started (proc_pid_stat(5), field 22); 0 when the thread has ended.
unsigned long long time_of_start(pid_t process, int thread) {
  const std::string stat = state_and_rest(task_of(process, thread) + "/stat");
  std::size_t at = 0;
  for (int field = 3; field < 22 && at != stat.npos; ++field) at = stat.find(' ', at + 1);
  return at == stat.npos ? 0 : std::strtoull(stat.c_str() + at, nullptr, 10);
}

// Threads of the program; none when it is gone. ThreadSanitizer's own is left out: the first that is started, with its
// signals blocked. Any thread may have them blocked while it is being started, so of these the oldest is meant; the
// numbers do not tell which one that is, as the system begins again at small ones. When main has ended it counts: its
// end is the program's, and closes the connections.
std::vector<int> threads_of(pid_t process) {
  std::vector<int> threads;
  read_numbers(folder_of(process) + "/task", threads);
  std::sort(threads.begin(), threads.end());
  if (own_threads_block.empty() || threads.size() < 2 || has_ended(status_of(process, process))) return threads;
  auto own = threads.end();
  unsigned long long own_start = 0;
  for (auto thread = threads.begin(); thread != threads.end(); ++thread) {
    if (*thread == process || blocked_signals(status_of(process, *thread)) != own_threads_block) continue;
    const auto start = time_of_start(process, *thread);
    if (start == 0 || (own != threads.end() && start >= own_start)) continue;
    own = thread;
    own_start = start;
  }
  if (own != threads.end()) threads.erase(own);
  return threads;
}

}  // namespace

int count_descriptors(pid_t process) {
  std::vector<int> descriptors;
  if (!read_numbers(folder_of(process) + "/fd", descriptors)) {
    throw std::runtime_error("process " + std::to_string(process) + " is not there: " + std::strerror(errno));
  }
  return static_cast<int>(descriptors.size());
}

int count_threads(pid_t process) {
  const std::vector<int> threads = threads_of(process);
  if (threads.empty()) throw std::runtime_error("process " + std::to_string(process) + " is not there");
  return static_cast<int>(threads.size());
}

pid_t thread_that_takes(pid_t process, int signal) {
  pid_t oldest = 0;
  unsigned long long its_start = 0;
  for (const int thread : threads_of(process)) {
    const std::string blocked = blocked_signals(status_of(process, thread));
    if (thread == process || blocked.empty()) continue;
    if ((std::strtoull(blocked.c_str(), nullptr, 16) >> (signal - 1) & 1) != 0) continue;
    const auto start = time_of_start(process, thread);
    if (oldest != 0 && start >= its_start) continue;
    oldest = thread;
    its_start = start;
  }
  return oldest;
}

long long cpu_milliseconds(pid_t process) {
  clockid_t clock{};
  timespec time{};
  if (::clock_getcpuclockid(process, &clock) != 0 || ::clock_gettime(clock, &time) != 0) {
    throw std::runtime_error("process " + std::to_string(process) + " is not there");
  }
  return time.tv_sec * 1000 + time.tv_nsec / 1'000'000;
}

long long peak_memory(pid_t process) {
  constexpr std::string_view name = "\nVmHWM:";
  const std::string status = contents(folder_of(process) + "/status");
  const std::size_t at = status.find(name);
  if (at == status.npos) throw std::runtime_error("process " + std::to_string(process) + " is not there");
  return std::strtoll(status.c_str() + at + name.size(), nullptr, 10) * 1024;
}

bool has_ended(pid_t process) {
  const std::vector<int> threads = threads_of(process);
  return std::all_of(threads.begin(), threads.end(),
                     [process](int thread) { return has_ended(status_of(process, thread)); });
}

bool sleeps(pid_t process, pid_t thread) {
  const std::string state = state_and_rest(task_of(process, thread) + "/stat");
  return state.empty() || std::strchr("SZX", state[0]) != nullptr;
}

bool sleeps(pid_t process) {
  std::vector<int> threads;
  read_numbers(folder_of(process) + "/task", threads);
  return std::all_of(threads.begin(), threads.end(), [process](int thread) { return sleeps(process, thread); });
}

bool is_at_rest(pid_t process) {
  // One look is not enough: while it goes from thread to thread, one that works may wake another and fall asleep. When
  // two looks find the same threads, each asleep and none having run in between, then all slept between the looks.
  std::string first;
  std::string second;
  return note_rest(process, first) && note_rest(process, second) && first == second;
}

bool note_rest(pid_t process, std::string& notes) {
  for (const int thread : threads_of(process)) {
    const std::string status = status_of(process, thread);
    const std::size_t state = status.find("\nState:\t");
    if (state == status.npos) continue;  // it has just ended
    if (std::strchr("SZX", status[state + 8]) == nullptr) return false;
    const std::size_t switches = status.find("\nvoluntary_ctxt_switches");
    notes += std::to_string(thread) + status.substr(std::min(switches, status.size()));
  }
  const std::vector<int> children = children_of(process);
  return std::all_of(children.begin(), children.end(),
                     [&notes](pid_t child) { return child == ::getpid() || note_rest(child, notes); });
}

}  // namespace support
