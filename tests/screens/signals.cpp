// What a row of docs/when_it_fails/signals.md explains: the argument names it. `tests/screens/keep signals` builds this
// and runs each.
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cassert>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string_view>
#include <thread>

namespace {

volatile std::size_t one = 1;  // that the compiler does not know

struct Job {
  Job() { call(); }
  virtual ~Job() = default;
  void call() { run(); }
  virtual void run() = 0;
};

struct Handler : Job {
  void run() override {}
};

void fails() {
  throw std::runtime_error("the queue is closed");
}

void fails_inside() noexcept {
  fails();
}

void writes_too_far() {
  char bytes[8];
  std::memset(bytes, 42, sizeof bytes + 24 * one);
}

void ends(std::string_view flaw) {
  if (flaw == "thread_not_joined") std::thread worker([] {});
  if (flaw == "exception_in_noexcept") fails_inside();
  if (flaw == "exception_in_a_thread") std::thread(fails).join();
  if (flaw == "exception_in_main") fails();
  if (flaw == "calls_pure_virtual") Handler{};
  if (flaw == "asserts") assert(one == 2);
  if (flaw == "writes_too_far") writes_too_far();
  if (flaw == "aborts") std::abort();
  if (flaw == "reaches_a_trap") __builtin_trap();
  if (flaw == "writes_to_nobody") {
    int both[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, both) == 0 && close(both[1]) == 0) send(both[0], "x", 1, 0);
  }
  if (flaw == "is_killed") std::raise(SIGKILL);
  if (flaw == "is_asked_to_end") std::raise(SIGTERM);
  if (flaw == "is_interrupted") std::raise(SIGINT);
  if (flaw == "sets_a_timer") {
    alarm(1);
    pause();
  }
  if (flaw == "computes_too_long") {
    const rlimit limit{1, 2};
    setrlimit(RLIMIT_CPU, &limit);
    while (one == 1) {
    }
  }
  if (flaw == "writes_too_much") {
    const rlimit limit{0, 0};
    setrlimit(RLIMIT_FSIZE, &limit);
    std::FILE* file = std::tmpfile();
    if (write(fileno(file), "x", 1) == 1) std::fclose(file);
  }
}

}  // namespace

int main(int argc, char** argv) {
  ends(argc > 1 ? argv[1] : "");
}
