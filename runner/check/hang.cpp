#include "check/hang.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <future>
#include <map>

#include "reading/backtraces.hpp"
#include "reading/thread_words.hpp"
#include "system/process.hpp"
#include "system/processes.hpp"
#include "text/text.hpp"

namespace runner {
namespace {

constexpr std::chrono::seconds gdb_limit{10};
constexpr std::uint64_t owner_offset = 8;  // of __owner in glibc's pthread_mutex_t
constexpr std::string_view no_gdb = "(with gdb installed, this would say where each thread stands)";

// What the kernel says of a thread.
struct Task {
  char state = 0;           // 'R': runs, 'S': sleeps
  std::uint64_t futex = 0;  // the address that it waits at in futex(2), 0: in none; a mutex begins with its futex
};

std::map<pid_t, Task> tasks_of(pid_t process) {
  std::map<pid_t, Task> found;
  std::error_code gone;
  const std::filesystem::path tasks = fmt::format("/proc/{}/task", process);
  for (std::filesystem::directory_iterator task(tasks, gone), end; !gone && task != end; task.increment(gone)) {
    auto& facts = found[std::atoi(task->path().filename().c_str())];
    // "4711 (server) S 1 …", and the name may hold brackets.
    std::ifstream stat(task->path() / "stat");
    std::string line;
    std::getline(stat, line);
    const auto name_end = line.rfind(") ");
    if (name_end != std::string::npos && name_end + 2 < line.size()) facts.state = line[name_end + 2];
    std::ifstream call(task->path() / "syscall");
    long number = 0;
    std::string address;
    if (call >> number >> address && number == SYS_futex) facts.futex = std::strtoull(address.c_str(), nullptr, 16);
  }
  return found;
}

pid_t owner_of_mutex(pid_t process, std::uint64_t address) {
  const int memory = ::open(fmt::format("/proc/{}/mem", process).c_str(), O_RDONLY | O_CLOEXEC);
  if (memory < 0) return 0;
  std::int32_t owner = 0;
  const auto size = ::pread(memory, &owner, sizeof owner, static_cast<off_t>(address + owner_offset));
  ::close(memory);
  return size == sizeof owner ? owner : 0;
}

std::string backtraces_of(pid_t process, const std::stop_token& stop) {
  Command gdb;
  gdb.words = {"gdb", "-nx", "-batch"};
  // Without the system's own debug files it is twice as fast, and loses nothing that is shown.
  for (const char* setting : {"debuginfod enabled off", "auto-load off", "debug-file-directory /nonexistent",
                              "print frame-arguments none", "print entry-values no", "width 0"}) {
    gdb.words.insert(gdb.words.end(), {"-iex", fmt::format("set {}", setting)});
  }
  gdb.words.insert(gdb.words.end(), {"-p", std::to_string(process), "-ex", "thread apply all backtrace 40", "-ex",
                                     std::string(queue_counter)});
  gdb.time_limit = gdb_limit;
  return run(gdb, stop).output;
}

bool is_watchdog(pid_t process) {
  std::ifstream file(fmt::format("/proc/{}/comm", process));
  std::string name;
  return std::getline(file, name) && name == watchdog_name;
}

}  // namespace

std::string where_threads_stand(pid_t process, const std::stop_token& stop) {
  if (find_program("gdb").empty()) return std::string(no_gdb) + "\n";
  auto tasks = tasks_of(process);
  auto picture = read_backtraces(backtraces_of(process, stop));
  for (auto& thread : picture.threads) {
    const Task& task = tasks[thread.id];
    // What calls the system again and again may be met inside of a call, and what sleeps there has no name for us.
    if (task.state == 'R') thread.wait = Wait::nothing;
    if (task.state == 'S' && thread.wait == Wait::nothing) thread.wait = Wait::system;
    const bool may_be_mutex = thread.wait == Wait::mutex || thread.wait == Wait::condition;
    if (!may_be_mutex || task.futex == 0) continue;
    // A thread that has been notified waits for the mutex before it comes out of the condition variable.
    const auto owner = owner_of_mutex(process, task.futex);
    if (thread.wait == Wait::condition && tasks.count(owner) == 0) continue;
    thread.wait = Wait::mutex;
    thread.holder = owner;
  }
  return told(picture);
}

std::string threads_command() {
  std::error_code unknown;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", unknown);
  return unknown ? std::string() : shell_quoted(self.string()) + " threads";
}

bool asks_for_threads(int argc, char** argv) {
  return argc == 3 && std::string_view(argv[1]) == "threads" && std::atoi(argv[2]) > 0;
}

std::string where_session_stands(pid_t session, const std::stop_token& stop) {
  if (find_program("gdb").empty()) return std::string(no_gdb) + "\n";
  std::vector<std::pair<std::string, std::future<std::string>>> all;
  for (const pid_t process : processes_in_session(session)) {
    if (is_watchdog(process)) continue;
    all.emplace_back(process == session ? "the test" : "the server",
                     std::async(std::launch::async, where_threads_stand, process, stop));
  }
  std::vector<std::pair<std::string, std::string>> told;
  for (auto& [name, text] : all) {
    if (auto lines = text.get(); !lines.empty()) told.emplace_back(name, std::move(lines));
  }
  if (told.empty()) return "(gdb could not look at it: see ./learn doctor)\n";
  if (told.size() == 1) return told.front().second;
  std::string text;
  for (const auto& [name, lines] : told) {
    text += name + ":\n";
    for (const auto line : split_lines(lines)) text += fmt::format("  {}\n", line);
  }
  return text;
}

}  // namespace runner
