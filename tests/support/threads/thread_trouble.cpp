#include "threads/thread_trouble.hpp"

#include "threads/thread_hooks.hpp"

#include <fcntl.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <string>
#include <string_view>

namespace support {
namespace {

// Everything that threads share here is atomic and relaxed, and they wait for it by system calls that ThreadSanitizer
// does not know: so it orders nothing for it.
constexpr auto relaxed = std::memory_order_relaxed;

struct Thread {
  std::atomic<pid_t> id = 0;  // 0: not yet known
  std::atomic<pthread_t> handle = 0;
  std::atomic<int> held_back = 0;    // a futex
  std::atomic<bool> ended = false;   // its function has returned, or it was never started
  std::atomic<bool> joined = false;  // or never started
  std::atomic<bool> waits_here = false;
  std::atomic<bool> waits_for_a_time = false;
  std::atomic<long long> nanoseconds_dawdled = 0;  // of processor time
  std::atomic<int> dawdles_in = 0;  // the round in which it dawdles with no mutex of its locked; 0: it does not
  void* (*start)(void*) = nullptr;
  void* argument = nullptr;
};

// Those of the first so many threads that the program starts; the others meet no trouble.
std::array<Thread, 4096> threads;
std::atomic<int> started = 0;
Thread main_thread;
thread_local Thread* this_thread = &main_thread;

constexpr int no_limit = -1;
std::atomic<int> more_threads = no_limit;
constexpr int none_held_back = -1;
std::atomic<int> first_held_back = none_held_back;
std::atomic<long long> held_back_from = 0;  // by the processor time of the process, in nanoseconds
std::atomic<bool> unlucky = false;
std::atomic<int> unlocks_until_held = 0;
std::atomic<int> dawdling = 0;
std::atomic<int> dawdle_round = 1;   // over when all rest, or somebody notifies: then all who dawdle in it go on
constexpr int rounds_in_a_row = 20;  // with nothing done by the first thread
std::atomic<int> rounds_left = rounds_in_a_row;
std::atomic<unsigned> timed_waits = 0;
std::atomic<int> notifications = 0;
std::atomic<int> spurious_wake_ups = 0;
std::atomic<unsigned> tries_to_lock = 0;

int known() {
  return std::min(started.load(relaxed), static_cast<int>(threads.size()));
}

// Takes one of a number that is limited, and returns how many were left before; 0 when none was.
int take_one(std::atomic<int>& number) {
  int left = number.load(relaxed);
  while (left > 0 && !number.compare_exchange_weak(left, left - 1, relaxed)) {
  }
  return left;
}

void release(Thread& thread) {
  if (thread.held_back.exchange(0, relaxed) != 0) ::syscall(SYS_futex, &thread.held_back, FUTEX_WAKE_PRIVATE, 1);
}

long long nanoseconds_of(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return time.tv_sec * 1'000'000'000LL + time.tv_nsec;
}

void release_from(int first) {
  for (int i = first; i < known(); ++i) release(threads[static_cast<std::size_t>(i)]);
}

// Somebody who waits by a loop has gone round for long.
bool is_waited_for(const Thread& thread) {
  constexpr long long long_enough = 300'000'000;
  const int first = first_held_back.load(relaxed);
  return first != none_held_back && &thread >= &threads[static_cast<std::size_t>(first)] &&
         nanoseconds_of(CLOCK_PROCESS_CPUTIME_ID) - held_back_from.load(relaxed) > long_enough;
}

void stay_held_back(Thread& thread) {
  constexpr timespec between_looks{0, 50'000'000};
  while (thread.held_back.load(relaxed) != 0 && !is_waited_for(thread)) {
    const bool may_be_waited_for = first_held_back.load(relaxed) != none_held_back;
    ::syscall(SYS_futex, &thread.held_back, FUTEX_WAIT_PRIVATE, 1, may_be_waited_for ? &between_looks : nullptr);
  }
  thread.held_back.store(0, relaxed);
}

void* run(void* argument) {
  auto& thread = *static_cast<Thread*>(argument);
  this_thread = &thread;
  thread.id.store(::gettid(), relaxed);
  stay_held_back(thread);
  void* const result = thread.start(thread.argument);
  thread.ended.store(true, relaxed);
  return result;
}

// Appends how often the thread has left the processor; false when it does not sleep.
bool note_sleeper(pid_t id, std::string& notes) {
  const int file = ::open(("/proc/self/task/" + std::to_string(id) + "/status").c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return true;  // it has just ended
  char status[4096];
  const ssize_t size = ::read(file, status, sizeof status);
  ::close(file);
  if (size <= 0) return true;
  const std::string_view text{status, static_cast<std::size_t>(size)};
  const std::size_t state = text.find("\nState:\t");
  if (state == text.npos || std::string_view{"SZX"}.find(text[state + 8]) == std::string_view::npos) return false;
  notes += text.substr(std::min(text.find("\nvoluntary_ctxt_switches"), text.size()));
  return true;
}

// Whether all but this thread sleep; those that wait in here, too, and if they may, those that dawdle with no mutex of
// theirs locked. Appends how often each left the processor.
bool note_sleepers(std::string& notes, bool may_dawdle) {
  main_thread.id.store(::getpid(), relaxed);
  const auto sleeps = [&](const Thread& thread) {
    if (&thread == this_thread || thread.ended.load(relaxed) || thread.waits_here.load(relaxed)) return true;
    if (may_dawdle && thread.dawdles_in.load(relaxed) == dawdle_round.load(relaxed)) return true;
    const pid_t id = thread.id.load(relaxed);
    return id != 0 && note_sleeper(id, notes);
  };
  if (!sleeps(main_thread)) return false;
  for (int i = 0; i < known(); ++i) {
    if (!sleeps(threads[static_cast<std::size_t>(i)])) return false;
  }
  return true;
}

bool rest_sleeps(bool (*holds)(), bool may_dawdle) {
  // One look is not enough: see is_at_rest.
  std::string first;
  std::string second;
  return note_sleepers(first, may_dawdle) && (holds == nullptr || holds()) && note_sleepers(second, may_dawdle) &&
         first == second;
}

// Runs until `is_over`, and never sleeps, so that nobody takes this thread for one that does.
template <class F>
void wait_here(F is_over) {
  const int errno_before = errno;
  const long long before = nanoseconds_of(CLOCK_THREAD_CPUTIME_ID);
  while (!is_over()) ::syscall(SYS_sched_yield);  // not the function, which means that somebody waits
  this_thread->nanoseconds_dawdled.fetch_add(nanoseconds_of(CLOCK_THREAD_CPUTIME_ID) - before, relaxed);
  errno = errno_before;
}

template <class F>
void dawdle(F is_over) {
  dawdling.fetch_add(1, relaxed);
  wait_here(is_over);
  dawdling.fetch_sub(1, relaxed);
}

}  // namespace

ThreadsFail::ThreadsFail(int more) {
  more_threads = more;
}
ThreadsFail::~ThreadsFail() {
  more_threads = no_limit;
}

ThreadsHeldBack::ThreadsHeldBack() : first_{known()} {
  held_back_from.store(nanoseconds_of(CLOCK_PROCESS_CPUTIME_ID), relaxed);
  first_held_back.store(first_, relaxed);
}
ThreadsHeldBack::~ThreadsHeldBack() {
  first_held_back.store(none_held_back, relaxed);
}
int ThreadsHeldBack::count() const {
  int count = 0;
  for (int i = first_; i < known(); ++i) count += threads[static_cast<std::size_t>(i)].joined.load(relaxed) ? 0 : 1;
  return count;
}
void ThreadsHeldBack::let_go() {
  release_from(first_);
}

UnluckyMoments::UnluckyMoments() {
  rounds_left.store(rounds_in_a_row, relaxed);
  unlucky.store(true, relaxed);
}
UnluckyMoments::~UnluckyMoments() {
  unlucky.store(false, relaxed);
}

HeldAfterUnlock::HeldAfterUnlock(int nth) {
  unlocks_until_held.store(nth, relaxed);
}
HeldAfterUnlock::~HeldAfterUnlock() {
  unlocks_until_held.store(0, relaxed);
}

SpuriousWakeUps::SpuriousWakeUps(int count) {
  spurious_wake_ups.store(count, relaxed);
}
SpuriousWakeUps::~SpuriousWakeUps() {
  spurious_wake_ups.store(0, relaxed);
}

int threads_alive() {
  int count = 0;
  for (int i = 0; i < known(); ++i) count += threads[static_cast<std::size_t>(i)].ended.load(relaxed) ? 0 : 1;
  return count;
}

int threads_not_joined() {
  int count = 0;
  for (int i = 0; i < known(); ++i) count += threads[static_cast<std::size_t>(i)].joined.load(relaxed) ? 0 : 1;
  return count;
}

namespace hooks {

int create(decltype(pthread_create)* next, pthread_t* handle, const pthread_attr_t* attributes, void* (*start)(void*),
           void* argument) {
  if (more_threads.load(relaxed) != no_limit && take_one(more_threads) == 0) return EAGAIN;
  const auto number = static_cast<std::size_t>(started.fetch_add(1, relaxed));
  if (number >= threads.size()) return next(handle, attributes, start, argument);
  Thread& thread = threads[number];
  thread.start = start;
  thread.argument = argument;
  thread.held_back.store(first_held_back.load(relaxed) != none_held_back ? 1 : 0, relaxed);
  const int result = next(handle, attributes, run, &thread);
  if (result == 0) thread.handle.store(*handle, relaxed);
  if (result != 0) {
    thread.ended.store(true, relaxed);
    thread.joined.store(true, relaxed);
  }
  return result;
}

void before_join(pthread_t handle) {
  for (int i = known() - 1; i >= 0; --i) {  // the latest first: the system uses a handle again
    Thread& thread = threads[static_cast<std::size_t>(i)];
    if (thread.handle.load(relaxed) != handle) continue;
    thread.joined.store(true, relaxed);
    return release(thread);
  }
}

void waits_for_others() {
  const int first = first_held_back.load(relaxed);
  if (first != none_held_back && this_thread->held_back.load(relaxed) == 0) release_from(first);
}

WaitsForATime::WaitsForATime() {
  if (this_thread->held_back.load(relaxed) != 0) return;  // in here
  waits_for_others();
  timed_waits.fetch_add(1, relaxed);
  this_thread->waits_for_a_time.store(true, relaxed);
}
WaitsForATime::~WaitsForATime() {
  this_thread->waits_for_a_time.store(false, relaxed);
}

void before_wait() {
  if (!unlucky.load(relaxed)) return;
  const int before = notifications.load(relaxed);
  dawdle([before] { return notifications.load(relaxed) != before || rest_sleeps(nullptr, true); });
}

void before_unlock() {
  if (this_thread == &main_thread) rounds_left.store(rounds_in_a_row, relaxed);
}

void after_unlock() {
  if (this_thread == &main_thread) return;
  if (take_one(unlocks_until_held) == 1) dawdle([] { return rest_sleeps(nullptr, false); });
  if (!unlucky.load(relaxed) || rounds_left.load(relaxed) <= 0) return;
  const int round = dawdle_round.load(relaxed);
  this_thread->dawdles_in.store(round, relaxed);
  dawdle([round] {
    // Whoever sees first that all rest ends the round; for the others it is over then.
    int expected = round;
    if (dawdle_round.load(relaxed) == round && rest_sleeps(nullptr, true) &&
        dawdle_round.compare_exchange_strong(expected, round + 1, relaxed)) {
      rounds_left.fetch_sub(1, relaxed);
    }
    return dawdle_round.load(relaxed) != round;
  });
  this_thread->dawdles_in.store(0, relaxed);
}

bool fails_to_lock() {
  return tries_to_lock.fetch_add(1, relaxed) % 2 == 0;
}

void after_notify() {
  if (!unlucky.load(relaxed)) return;
  this_thread->waits_here.store(true, relaxed);
  rounds_left.store(rounds_in_a_row, relaxed);
  notifications.fetch_add(1, relaxed);
  dawdle_round.fetch_add(1, relaxed);
  wait_here([] { return dawdling.load(relaxed) == 0 && rest_sleeps(nullptr, false); });
  this_thread->waits_here.store(false, relaxed);
}

bool somebody_dawdles() {
  return dawdling.load(relaxed) > 0;
}

bool wakes_up_spuriously() {
  return take_one(spurious_wake_ups) > 0;
}

unsigned count_timed_waits() {
  return timed_waits.load(relaxed);
}

bool others_wait_for_a_time() {
  if (this_thread != &main_thread && main_thread.waits_for_a_time.load(relaxed)) return true;
  for (int i = 0; i < known(); ++i) {
    const Thread& thread = threads[static_cast<std::size_t>(i)];
    if (&thread != this_thread && !thread.ended.load(relaxed) && thread.waits_for_a_time.load(relaxed)) return true;
  }
  return false;
}

long long others_dawdled() {
  long long sum = this_thread == &main_thread ? 0 : main_thread.nanoseconds_dawdled.load(relaxed);
  for (int i = 0; i < known(); ++i) {
    const Thread& thread = threads[static_cast<std::size_t>(i)];
    if (&thread != this_thread) sum += thread.nanoseconds_dawdled.load(relaxed);
  }
  return sum / 1'000'000;
}

bool others_sleep(bool (*holds)()) {
  return rest_sleeps(holds, false);
}

}  // namespace hooks
}  // namespace support
