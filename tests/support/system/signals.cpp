#include "system/signals.hpp"

#include "system/process_facts.hpp"

#include <poll.h>
#include <pthread.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <memory>
#include <thread>

namespace support {
namespace {

std::atomic<int> signals_arrived{0};

}  // namespace

#if defined(__x86_64__)
bool signal_before_call(pid_t process, int signal) {
  const auto next_stop = [process](user_regs_struct& registers) {
    int status = 0;
    return ::waitpid(process, &status, __WALL) == process && WIFSTOPPED(status) &&
           ::ptrace(PTRACE_GETREGS, process, nullptr, &registers) == 0;
  };
  const auto goes_on_with = [process](user_regs_struct& registers) {
    return ::ptrace(PTRACE_SETREGS, process, nullptr, &registers) == 0 &&
           ::ptrace(PTRACE_SYSCALL, process, nullptr, nullptr) == 0;
  };
  if (::ptrace(PTRACE_SEIZE, process, nullptr, nullptr) != 0) return false;
  ::ptrace(PTRACE_INTERRUPT, process, nullptr, nullptr);
  user_regs_struct waits{};
  user_regs_struct begins{};
  user_regs_struct returns{};
  // The kernel makes an interrupted call again by itself. When it begins, it is replaced by one that does not exist.
  bool done = next_stop(waits) && static_cast<long long>(waits.orig_rax) >= 0 && goes_on_with(waits);
  if (done && next_stop(begins)) {
    begins.orig_rax = static_cast<unsigned long long>(-1);
    done = goes_on_with(begins) && next_stop(returns);
    returns.rip -= 2;  // the length of the instruction that makes a system call
    returns.rax = waits.orig_rax;
    done = done && ::ptrace(PTRACE_SETREGS, process, nullptr, &returns) == 0 && ::kill(process, signal) == 0;
  }
  ::ptrace(PTRACE_DETACH, process, nullptr, nullptr);
  return done;
}
#else
bool signal_before_call(pid_t, int) {
  return false;
}
#endif

struct Interruptions::State {
  static inline std::unique_ptr<State> only;

  static State& make() {
    only = std::make_unique<State>();
    return *only;
  }

  pid_t target_number = static_cast<pid_t>(::syscall(SYS_gettid));
  pthread_t target = ::pthread_self();
  struct sigaction before {};
  std::atomic<bool> ends{false};
  std::thread sender;
};

Interruptions::Interruptions(int count) : Interruptions{count, [](const void*) {}, nullptr} {}

Interruptions::Interruptions(int count, void (*then)(const void*), const void* argument) : state_{State::make()} {
  signals_arrived = 0;
  struct sigaction action {};
  action.sa_handler = [](int) { ++signals_arrived; };
  ::sigaction(SIGUSR1, &action, &state_.before);
  state_.sender = std::thread{[this, count, then, argument] {
    for (int sent = 0; signals_arrived < count && !state_.ends;) {
      // No event tells that a thread has fallen asleep, so this looks, with short waits.
      if (signals_arrived == sent && sleeps(::getpid(), state_.target_number)) {
        ::pthread_kill(state_.target, SIGUSR1);
        ++sent;
      }
      ::poll(nullptr, 0, 1);
    }
    if (!state_.ends) then(argument);
  }};
}

Interruptions::~Interruptions() {
  state_.ends = true;
  state_.sender.join();
  ::sigaction(SIGUSR1, &state_.before, nullptr);
  State::only.reset();
}

}  // namespace support
