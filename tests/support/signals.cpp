#include "signals.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstring>
#include <string>
#include <thread>

namespace support {
namespace {

std::atomic<int> signals_arrived{0};

bool sleeps(int thread) {
  const std::string path = "/proc/self/task/" + std::to_string(thread) + "/stat";
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  char text[256] = "";
  const ssize_t count = ::read(file, text, sizeof text - 1);
  ::close(file);
  const char* name_end = count > 0 ? std::strrchr(text, ')') : nullptr;
  return name_end != nullptr && name_end[1] == ' ' && name_end[2] == 'S';
}

}  // namespace

struct Interruptions::State {
  pthread_t target = ::pthread_self();
  int target_number = static_cast<int>(::syscall(SYS_gettid));
  struct sigaction before {};
  std::atomic<bool> ends{false};
  std::thread sender;
};

Interruptions::Interruptions(int count) : state_{std::make_unique<State>()} {
  signals_arrived = 0;
  struct sigaction action {};
  action.sa_handler = [](int) { ++signals_arrived; };
  ::sigaction(SIGUSR1, &action, &state_->before);
  state_->sender = std::thread{[state = state_.get(), count] {
    for (int sent = 0; sent < count && !state->ends;) {
      // No event tells that a thread has fallen asleep, so this looks, with short waits.
      if (signals_arrived == sent && sleeps(state->target_number)) {
        ::pthread_kill(state->target, SIGUSR1);
        ++sent;
      }
      ::poll(nullptr, 0, 1);
    }
  }};
}

Interruptions::~Interruptions() {
  state_->ends = true;
  state_->sender.join();
  ::sigaction(SIGUSR1, &state_->before, nullptr);
}

int Interruptions::arrived() const { return signals_arrived; }

}  // namespace support
