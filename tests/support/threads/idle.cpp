#include "threads/idle.hpp"

#include "expect/expect.hpp"
#include "expect/waiting.hpp"
#include "system/process_facts.hpp"
#include "threads/thread_hooks.hpp"
#include "threads/thread_trouble.hpp"

#include <poll.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <string>
#include <vector>

namespace support {
namespace {

constexpr std::chrono::milliseconds interval{50};
constexpr auto dozing = "sleep for a time, and look again";
constexpr long long most_work = 300;    // milliseconds of processor time, until others sleep
constexpr long long until_asleep = 50;  // for threads that have only begun
constexpr long long while_asleep = 10;

long long used_by_others() {
  timespec own{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &own);
  return cpu_milliseconds(::getpid()) - own.tv_sec * 1000 - own.tv_nsec / 1'000'000;
}

// Not until it is woken, but by sleep_for, wait_for or the like. False on kernels that do not tell.
bool waits_for_a_time(pid_t thread) {
  char path[64];
  std::snprintf(path, sizeof path, "/proc/self/task/%d/syscall", thread);
  std::FILE* const file = std::fopen(path, "re");
  if (file == nullptr) return false;
  long number = -1;
  unsigned long arguments[4] = {};  // of futex(2), the fourth is the time
  const int read =
      std::fscanf(file, "%ld %lx %lx %lx %lx", &number, arguments, arguments + 1, arguments + 2, arguments + 3);
  std::fclose(file);
  if (read < 5) return false;
  return number == SYS_nanosleep || number == SYS_clock_nanosleep || (number == SYS_futex && arguments[3] != 0);
}

bool others_wait_for_a_time() {
  const std::vector<pid_t> others = hooks::other_threads();
  return std::any_of(others.begin(), others.end(), waits_for_a_time);
}

bool others_wait_for_somebody() {
  return !others_wait_for_a_time();
}

[[noreturn]] void fail_as_they_work(Place place) {
  fail_expectation(place, "the workers wait for somebody else", "they sleep", "they work, and come to no end");
}

}  // namespace

void wait_until_others_sleep(Place place) {
  Patience patience{0};
  for (const auto begin = used_by_others(); !hooks::others_sleep(others_wait_for_somebody);) {
    if (hooks::others_sleep(others_wait_for_a_time)) {
      fail_expectation(place, "the workers wait for somebody else", "they sleep until they are woken",
                       "they sleep for a time, and look again");
    }
    if (!patience.a_moment() || used_by_others() - begin > most_work) fail_as_they_work(place);
  }
}

// It never sleeps, so that whoever dawdles goes on doing so.
void UnluckyMoments::wait_for_one(Place place) const {
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds{guard};
  for (const auto begin = used_by_others(); !hooks::somebody_dawdles() && !hooks::others_sleep();) {
    if (std::chrono::steady_clock::now() > end || used_by_others() - begin > most_work) fail_as_they_work(place);
    ::sched_yield();
  }
}

void HeldAfterUnlock::wait() const {
  const auto begin = used_by_others();
  while (!hooks::somebody_dawdles() && !hooks::others_sleep() && used_by_others() - begin < until_asleep) {
    ::sched_yield();
  }
}

std::string what_others_do() {
  // Who sleeps for a moment at a time is never seen at rest.
  const auto busy = [] {
    bool dozes = false;
    for (int look = 0; look < 20 && !dozes; ++look) dozes = others_wait_for_a_time();
    return dozes ? dozing : "use the processor all the while";
  };
  for (const auto begin = used_by_others(); !hooks::others_sleep();) {
    if (used_by_others() - begin > until_asleep) return busy();
    ::poll(nullptr, 0, 1);
  }
  const auto begin = used_by_others();
  for (const auto end = std::chrono::steady_clock::now() + interval; std::chrono::steady_clock::now() < end;) {
    if (others_wait_for_a_time()) return dozing;
    if (used_by_others() - begin > while_asleep) return busy();
    ::poll(nullptr, 0, 1);
  }
  return "sleep until they are woken";
}

}  // namespace support
