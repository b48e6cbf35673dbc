#include "interrupt.hpp"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <thread>

namespace runner {
namespace {

std::atomic<int> caught{0};

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
      if (caught.exchange(signal) != 0) _exit(128 + signal);
      source.request_stop();
    }
  }).detach();
  return source.get_token();
}

int interrupt_signal() {
  return caught;
}

}  // namespace runner
