#include "threads/idle.hpp"

#include "system/process_facts.hpp"
#include "threads/thread_hooks.hpp"

#include <poll.h>
#include <unistd.h>

#include <chrono>
#include <ctime>
#include <string>

namespace support {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds interval{50};
constexpr long long most_work = 300;  // milliseconds of processor time, until others sleep
constexpr long long while_asleep = 10;

long long used_by_others() {
  timespec own{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &own);
  return cpu_milliseconds(::getpid()) - own.tv_sec * 1000 - own.tv_nsec / 1'000'000;
}

bool others_wait_for_somebody() {
  return !hooks::others_wait_for_a_time();
}

// Threads that sleep for a time, and look again. A few such looks are fine, if a sleep without a time comes after them.
class Dozing {
 public:
  bool goes_on() {
    if (hooks::count_timed_waits() - before_ > most_looks) return true;
    if (!hooks::others_sleep(hooks::others_wait_for_a_time)) {
      since_ = steady_clock::now();
      return false;
    }
    return steady_clock::now() - since_ > longest_sleep;
  }

 private:
  static constexpr unsigned most_looks = 30;
  static constexpr milliseconds longest_sleep{300};

  unsigned before_ = hooks::count_timed_waits();
  steady_clock::time_point since_ = steady_clock::now();
};

}  // namespace

std::string what_others_do() {
  constexpr auto doze = "sleep for a time, and look again";
  const unsigned timed_waits = hooks::count_timed_waits();
  const auto work = [&] {
    return hooks::count_timed_waits() != timed_waits ? doze : "use the processor all the while";
  };
  Dozing dozing;
  for (const auto begin = used_by_others(); !hooks::others_sleep(others_wait_for_somebody);) {
    if (dozing.goes_on()) return doze;
    if (used_by_others() - begin > most_work) return work();
    ::poll(nullptr, 0, 1);
  }
  const auto begin = used_by_others();
  const unsigned timed_waits_before = hooks::count_timed_waits();
  for (const auto end = steady_clock::now() + interval; steady_clock::now() < end;) {
    if (hooks::count_timed_waits() != timed_waits_before) return doze;
    if (used_by_others() - begin > while_asleep) return work();
    ::poll(nullptr, 0, 1);
  }
  return "sleep until they are woken";
}

}  // namespace support
