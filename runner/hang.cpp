#include "hang.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "place.hpp"
#include "process.hpp"
#include "processes.hpp"
#include "text.hpp"

namespace runner {
namespace {

struct Wait {
  std::string_view function;
  std::string_view words;
};

// Looked for from the innermost frame outwards: what a blocked thread's C library frame says about its reason.
constexpr std::array waits{
    Wait{"pthread_cond_", "waits for a condition variable to be notified"},
    Wait{"condition_variable", "waits for a condition variable to be notified"},
    Wait{"pthread_mutex_lock", "waits for a mutex that another thread holds"},
    Wait{"lll_lock_wait", "waits for a mutex that another thread holds"},
    Wait{"clockjoin", "waits in join for a thread to end"},
    Wait{"pthread_join", "waits in join for a thread to end"},
    Wait{"__atomic_wait", "waits for an atomic (a latch or a semaphore) to change"},
    Wait{"sem_wait", "waits for a semaphore"},
    Wait{"accept", "waits in accept for a client"},
    Wait{"recv", "waits in recv for bytes from the other side"},
    Wait{"read", "waits in read for bytes"},
    Wait{"send", "waits in send until the other side reads"},
    Wait{"poll", "waits in poll"},
    Wait{"epoll", "waits in epoll for an event"},
    Wait{"wait4", "waits for a process to end"},
    Wait{"waitpid", "waits for a process to end"},
    Wait{"nanosleep", "sleeps"},
};

// "#1  0x00… in read_request (client=...) at ../steps/04/x.cpp:17" → read_request
std::string function_of(std::string_view frame) {
  const auto in = frame.find(" in ");
  auto rest =
      in != std::string_view::npos ? frame.substr(in + 4) : frame.substr(std::min(frame.size(), std::size_t{4}));
  while (rest.starts_with(' ')) rest.remove_prefix(1);
  rest = rest.substr(0, rest.find(" ("));
  const bool lambda = rest == "operator()" || rest.find("{lambda") != std::string_view::npos ||
                      rest.find("::$_") != std::string_view::npos;
  return lambda ? "a lambda" : std::string(rest);
}

// The place of a frame that stands in a file of the course, relative to its root.
std::string place_of(std::string_view frame) {
  const auto at = frame.rfind(" at ");
  if (at == std::string_view::npos) return {};
  const auto path = repository_path(frame.substr(at + 4));
  return is_learners(path.substr(0, path.rfind(':'))) ? path : std::string();
}

void read_frame(std::string_view frame, ThreadPlace& thread) {
  const auto function = function_of(frame);
  if (thread.place.empty()) {
    if (const auto place = place_of(frame); !place.empty()) {
      thread.place = place;
      thread.function = function;
    }
    for (const auto& wait : waits) {
      if (thread.doing.empty() && function.find(wait.function) != std::string::npos && thread.place.empty()) {
        thread.doing = wait.words;
      }
    }
  }
}

}  // namespace

std::vector<ThreadPlace> read_backtraces(std::string_view gdb_output, std::string_view program) {
  std::vector<ThreadPlace> found;
  for (const auto& line : split_lines(gdb_output)) {
    if (line.starts_with("Thread ")) {
      const auto number = line.substr(7, line.find(' ', 7) - 7);
      found.push_back({fmt::format("{}, {}", program, number == "1" ? "main thread" : "thread " + std::string(number)),
                       {},
                       {},
                       {}});
    } else if (line.starts_with("#") && !found.empty()) {
      read_frame(line, found.back());
    }
  }
  for (auto& thread : found) {
    if (thread.doing.empty()) thread.doing = "is running: a loop that does not end?";
  }
  std::reverse(found.begin(), found.end());  // gdb lists the newest thread first
  return found;
}

std::string where_threads_stand(pid_t session, std::stop_token stop) {
  if (find_program("gdb").empty()) return "(with gdb installed, this would say where each thread stands)\n";
  std::string text;
  for (const pid_t pid : processes_in_session(session)) {
    if (stop.stop_requested()) break;
    Command gdb;
    gdb.words = {"gdb",
                 "-nx",
                 "-batch",
                 "-iex",
                 "set debuginfod enabled off",
                 "-iex",
                 "set auto-load off",
                 "-p",
                 std::to_string(pid),
                 "-ex",
                 "thread apply all backtrace 40"};
    gdb.time_limit = std::chrono::seconds(5);
    const auto finished = run(gdb, stop);
    for (const auto& thread : read_backtraces(finished.output, pid == session ? "test" : "server")) {
      if (thread.place.empty()) continue;  // the sanitizer's and the harness's own threads
      text += fmt::format("{}: {}\n    at {} in {}\n", thread.thread, thread.doing, thread.place, thread.function);
    }
  }
  return text.empty() ? "(gdb could not look at it: see ./learn doctor)\n" : text;
}

}  // namespace runner
