#include "system/signals.hpp"

#include "system/process_facts.hpp"

#include <poll.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <memory>
#include <thread>

namespace support {
namespace {

std::atomic<int> signals_arrived{0};

}  // namespace

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
