#include "system/interrupt.hpp"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <thread>

namespace runner {
namespace {

std::atomic<int> caught{0};
std::array<std::atomic<void (*)()>, 4> undos{};  // empty places at the end
std::atomic<bool> undone{false};

void undo_all() {
  if (undone.exchange(true)) return;
  for (const auto& undo : undos) {
    if (auto* function = undo.load(); function != nullptr) function();
  }
}

extern "C" void on_crash(int signal) {
  undo_all();
  ::signal(signal, SIG_DFL);
  ::raise(signal);
}

}  // namespace

std::stop_token catch_interrupts() {
  static std::stop_source source;
  static sigset_t signals;
  sigemptyset(&signals);
  for (const int each : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals, each);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // inherited by every thread; libuv clears it in what it starts
  // Lives as long as the process: it only ever waits for a signal.
  std::thread([] {
    for (int signal = 0;;) {
      sigwait(&signals, &signal);
      if (caught.exchange(signal) != 0) {
        undo_all();
        _exit(128 + signal);
      }
      source.request_stop();
    }
  }).detach();
  return source.get_token();
}

int interrupt_signal() {
  return caught;
}

void undo_at_crash(void (*undo)()) {
  for (auto& place : undos) {
    void (*empty)() = nullptr;
    if (place.compare_exchange_strong(empty, undo)) break;
  }
  struct sigaction action {};
  action.sa_handler = on_crash;
  for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) sigaction(signal, &action, nullptr);
}

}  // namespace runner
