#include "reading/backtraces.hpp"

#include <utility>

#include "reading/sanitizer_frame.hpp"
#include "text/brackets.hpp"
#include "text/place.hpp"
#include "text/text.hpp"

namespace runner {
namespace {

// Looked for from the innermost frame outwards, to the first frame in the learner's files: parts of names.
constexpr std::pair<std::string_view, Wait> library_waiters[] = {
    {"lll_lock_wait", Wait::mutex},      {"pthread_mutex_cond_lock", Wait::mutex},
    {"pthread_mutex_lock", Wait::mutex}, {"mutex::lock", Wait::mutex},
    {"pthread_cond_", Wait::condition},  {"condition_variable", Wait::condition},
    {"clockjoin", Wait::join},           {"pthread_join", Wait::join},
    {"std::thread::join", Wait::join},   {"__platform_wait", Wait::meeting},
    {"__atomic_futex", Wait::meeting},   {"atomic_wait", Wait::meeting},
    {"sem_wait", Wait::meeting},         {"nanosleep", Wait::sleep},
};

// Likewise, whole names, but for what the C library and the sanitizers put before them.
constexpr std::pair<std::string_view, Wait> system_waiters[] = {
    {"accept", Wait::accept},   {"accept4", Wait::accept},  {"recv", Wait::receive},     {"recvfrom", Wait::receive},
    {"recvmsg", Wait::receive}, {"send", Wait::send},       {"sendto", Wait::send},      {"sendmsg", Wait::send},
    {"write", Wait::send},      {"read", Wait::read},       {"poll", Wait::poll},        {"ppoll", Wait::poll},
    {"select", Wait::poll},     {"epoll_wait", Wait::poll}, {"epoll_pwait", Wait::poll}, {"wait4", Wait::process},
    {"waitpid", Wait::process}, {"waitid", Wait::process},
};

// "__interceptor_recv", "__GI___libc_recv" and "recv@@GLIBC_2.2.5" → "recv"
std::string_view system_name(std::string_view function) {
  function = function.substr(0, function.find('@'));
  if (const auto at = function.find("interceptor_"); at != function.npos) function.remove_prefix(at + 12);
  for (const std::string_view before : {"_", "_", "GI_", "_", "_", "libc_"}) {
    if (function.starts_with(before)) function.remove_prefix(before.size());
  }
  return function;
}

Wait wait_in(std::string_view function) {
  for (const auto& [name, wait] : library_waiters) {
    if (contains(function, name)) return wait;
  }
  for (const auto& [name, wait] : system_waiters) {
    if (system_name(function) == name) return wait;
  }
  return Wait::nothing;
}

// "#1  0x00… in ThreadPool::work (this=0x7f…) at ../steps/21/thread_pool.hpp:17" → "ThreadPool::work"
std::string_view function_of(std::string_view frame) {
  auto rest = trimmed(after(frame, " "));
  if (rest.starts_with("0x")) rest = after(rest, " in ");
  for (const std::string_view place : {") from ", ") at "}) {
    if (const auto end = rest.rfind(place); end != rest.npos) rest = rest.substr(0, end + 1);
  }
  if (!rest.ends_with(')')) return rest;
  const auto arguments = matching_bracket(rest, rest.size() - 1);
  return arguments == rest.npos ? rest : trimmed(rest.substr(0, arguments));
}

// As a learner would call it, without the class: "~ThreadPool", "a lambda in serve", "the test".
std::string own_name(std::string_view function) {
  auto name = short_function(function);
  const std::string lambda = name.starts_with("a lambda in ") ? "a lambda in " : "";
  name.erase(0, lambda.size());
  if (contains(name, "DOCTEST_ANON_FUNC")) return lambda + "the test";
  if (const auto scope = name.rfind("::"); scope != std::string::npos) name.erase(0, scope + 2);
  name = name.substr(0, name.find("[abi:"));  // GCC marks what returns a std::string
  return lambda + name;
}

class BacktraceReader {
 public:
  void read(std::string_view line) {
    constexpr std::string_view queue = "@queue ";
    if (line.starts_with(queue)) {
      if (const auto count = to_number(trimmed(line.substr(queue.size())))) picture_.queued = count;
    } else if (line.starts_with("Thread ") && contains(line, "LWP ")) {
      begin_thread(line);
    } else if (line.starts_with("#") && current_) {
      read_frame(line);
    }
  }

  ThreadPicture end() {
    end_thread();
    return std::move(picture_);
  }

 private:
  // "Thread 2 (Thread 0x7fb (LWP 4711) "server"):"
  void begin_thread(std::string_view line) {
    end_thread();
    current_.emplace();
    nameless_lambda_ = false;
    const auto number = after(line, "LWP ");
    current_->id = to_number(number.substr(0, number.find_first_not_of("0123456789"))).value_or(0);
  }

  void read_frame(std::string_view frame) {
    auto& thread = *current_;
    const auto function = function_of(frame);
    if (function == "main") thread.main = true;
    if (nameless_lambda_) {
      if (const auto home = home_of_lambda(function); !home.empty()) {
        name_last("a lambda in " + own_name(home));
        nameless_lambda_ = false;
      }
    }
    const auto at = frame.rfind(" at ");
    const auto place = at == std::string_view::npos ? std::nullopt : read_place(frame.substr(at + 4));
    if (!place || !is_shown_in_stacks(place->file)) {
      if (thread.file.empty() && thread.wait == Wait::nothing) thread.wait = wait_in(function);
      return;
    }
    const bool in_a_test = function == "operator()" && place->file.starts_with("tests/");
    const auto name = in_a_test ? "a lambda in the test" : own_name(function);
    nameless_lambda_ = function == "operator()" && !in_a_test;
    if (!thread.file.empty()) {
      thread.outer.push_back(name);
      return;
    }
    thread.file = place->file;
    thread.line = place->line;
    thread.function = name;
  }

  void name_last(std::string name) {
    (current_->outer.empty() ? current_->function : current_->outer.back()) = std::move(name);
  }

  void end_thread() {
    // A sanitizer's own threads and the harness's do not stand in the learner's files.
    if (current_ && !current_->file.empty()) picture_.threads.push_back(std::move(*current_));
    current_.reset();
  }

  ThreadPicture picture_;
  std::optional<ThreadPlace> current_;
  bool nameless_lambda_ = false;  // the last frame was a lambda for which GCC tells no more than "operator()"
};

}  // namespace

// libstdc++'s deque, without its pretty-printers: gdb may be told to load none.
const std::string_view queue_counter = R"(python exec('''
def size_of(queue):
  if queue.type.strip_typedefs().name.startswith("std::queue<"): queue = queue["c"]
  start, finish = queue["_M_impl"]["_M_start"], queue["_M_impl"]["_M_finish"]
  size = start["_M_cur"].dereference().type.sizeof
  per_node = 512 // size if size < 512 else 1
  nodes = int(finish["_M_node"] - start["_M_node"])
  return (nodes - 1) * per_node + int(finish["_M_cur"] - finish["_M_first"]) + int(start["_M_last"] - start["_M_cur"])
def look():
  for thread in gdb.selected_inferior().threads():
    thread.switch()
    frame = gdb.newest_frame()
    for depth in range(30):
      if frame is None: break
      try:
        this = frame.read_var("this")
      except (ValueError, RuntimeError):
        this = None
      kind = this.type.strip_typedefs().target() if this is not None else None
      if kind is not None and not (kind.name or "std::").startswith("std::"):
        for field in kind.strip_typedefs().fields():
          if (field.type.strip_typedefs().name or "").startswith(("std::queue<", "std::deque<")):
            return print("@queue", size_of(this.dereference()[field.name]))
      frame = frame.older()
try:
  look()
except Exception:
  pass
'''))";

ThreadPicture read_backtraces(std::string_view gdb_output) {
  BacktraceReader reader;
  for (const auto line : split_lines(gdb_output)) reader.read(line);
  return reader.end();
}

}  // namespace runner
