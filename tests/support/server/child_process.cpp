#include "server/child_process.hpp"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <csignal>
#include <cstring>

namespace support {
namespace {

struct Launch {
  char* const* words;
  const char* folder;  // empty: stay
  rlim_t descriptor_limit;
  int in;
  int out;
  int err;
  pid_t parent;
};

[[noreturn]] void give_up(const char* what) {
  const char* reason = ::strerrordesc_np(errno);
  for (const char* part : {what, ": ", reason != nullptr ? reason : "?", "\n"}) {
    if (::write(STDERR_FILENO, part, std::strlen(part)) < 0) break;
  }
  ::_exit(127);
}

// Runs in the child. Only async-signal-safe calls: other threads may have held locks when the process was copied.
[[noreturn]] void become(const Launch& launch) {
  ::dup2(launch.in, STDIN_FILENO);
  ::dup2(launch.out, STDOUT_FILENO);
  ::dup2(launch.err, STDERR_FILENO);
  ::syscall(SYS_close_range, 3U, ~0U, 0U);  // the test's own descriptors are not the server's
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != launch.parent) ::_exit(127);
  ::prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);  // so that gdb may look at a server that hangs
  ::signal(SIGPIPE, SIG_DFL);
  if (launch.descriptor_limit > 0) {
    const rlimit limit{launch.descriptor_limit, launch.descriptor_limit};
    ::setrlimit(RLIMIT_NOFILE, &limit);
  }
  if (*launch.folder != '\0' && ::chdir(launch.folder) != 0) give_up(launch.folder);
  ::execv(launch.words[0], launch.words);
  give_up(launch.words[0]);
}

pid_t start(std::vector<std::string>& words, const std::string& folder, int descriptor_limit, int out, int err) {
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  const Descriptor in{check(::open("/dev/null", O_RDONLY | O_CLOEXEC), "open")};
  const Launch launch{pointers.data(), folder.c_str(), static_cast<rlim_t>(descriptor_limit), in.number(), out, err,
                      ::getpid()};
  const pid_t pid = check(::fork(), "fork");
  if (pid == 0) become(launch);
  return pid;
}

}  // namespace

ChildProcess::ChildProcess(std::vector<std::string> words, const std::string& folder, int descriptor_limit)
    : ChildProcess{words, folder, descriptor_limit, Pipe{}, Pipe{}} {}

ChildProcess::ChildProcess(std::vector<std::string>& words, const std::string& folder, int descriptor_limit, Pipe out,
                           Pipe err)
    : out_{std::move(out.read_end)},
      err_{std::move(err.read_end)},
      pid_{start(words, folder, descriptor_limit, out.write_end.number(), err.write_end.number())},
      ending_{static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0))} {}

ChildProcess::~ChildProcess() {
  if (!has_ended()) kill();
  wake_.close();
  if (drainer_.joinable()) drainer_.join();
}

void ChildProcess::drain_in_background() {
  Pipe pipe;
  wake_ = std::move(pipe.write_end);
  drainer_ = std::thread{[this, woken = std::move(pipe.read_end)] {
    pollfd all[] = {{out_.descriptor(), POLLIN, 0}, {err_.descriptor(), POLLIN, 0}, {woken.number(), POLLIN, 0}};
    while (all[2].revents == 0) {
      ::poll(all, 3, -1);
      if (all[0].revents != 0 && !out_.drain()) all[0].fd = -1;
      if (all[1].revents != 0 && !err_.drain()) all[1].fd = -1;
    }
  }};
}

bool ChildProcess::has_ended() {
  const std::lock_guard lock{end_mutex_};
  if (reaped_) return true;
  siginfo_t info{};
  if (::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG) != 0 || info.si_pid != pid_) return false;
  reaped_ = true;
  (info.si_code == CLD_EXITED ? status_.code : status_.signal) = info.si_status;
  return true;
}

bool ChildProcess::wait_for_end(Patience& patience) {
  while (!has_ended()) {
    const bool go_on = ending_.number() >= 0 ? patience.until_ready(ending_.number(), POLLIN) : patience.a_moment();
    if (!go_on) return has_ended();
  }
  return true;
}

bool ChildProcess::ask_to_end() {
  Patience patience{pid_};
  ::kill(pid_, SIGTERM);
  if (wait_for_end(patience)) return true;
  kill();
  return false;
}

void ChildProcess::kill() {
  Patience patience{0, Patience::After::failure_the_same};
  ::kill(pid_, SIGKILL);
  wait_for_end(patience);
}

}  // namespace support
