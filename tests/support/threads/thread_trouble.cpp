#include "threads/thread_trouble.hpp"

#include "schedule/turns.hpp"
#include "threads/thread_hooks.hpp"
#include "threads/wake_ups.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <string>
#include <string_view>

namespace support {
namespace {

// Everything that threads share here is atomic and relaxed: it orders nothing for ThreadSanitizer.
constexpr auto relaxed = std::memory_order_relaxed;

struct Thread {
  std::atomic<pid_t> id = 0;  // 0: not yet known
  std::atomic<pthread_t> handle = 0;
  std::atomic<bool> ended = false;   // its function has returned, or it was never started
  std::atomic<bool> joined = false;  // or never started
  std::atomic<bool> waits_for_a_time = false;
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
std::atomic<unsigned> timed_waits = 0;
std::atomic<int> spurious_wake_ups = 0;
std::atomic<unsigned> tries_to_lock = 0;
std::atomic<int> sleeps = 0;
std::atomic<int> sleeps_at_condition = 0;
std::atomic<int> calls_to_wake = 0;

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

void* run(void* argument) {
  auto& thread = *static_cast<Thread*>(argument);
  this_thread = &thread;
  thread.id.store(::gettid(), relaxed);
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

// Whether all but this thread sleep. Appends how often each left the processor.
bool note_sleepers(std::string& notes) {
  main_thread.id.store(::getpid(), relaxed);
  const auto sleeps = [&](const Thread& thread) {
    if (&thread == this_thread || thread.ended.load(relaxed)) return true;
    const pid_t id = thread.id.load(relaxed);
    return id != 0 && note_sleeper(id, notes);
  };
  if (!sleeps(main_thread)) return false;
  for (int i = 0; i < known(); ++i) {
    if (!sleeps(threads[static_cast<std::size_t>(i)])) return false;
  }
  return true;
}

}  // namespace

ThreadsFail::ThreadsFail(int more) {
  more_threads = more;
}
ThreadsFail::~ThreadsFail() {
  more_threads = no_limit;
}

SpuriousWakeUps::SpuriousWakeUps(int count) {
  spurious_wake_ups.store(count, relaxed);
}
SpuriousWakeUps::~SpuriousWakeUps() {
  spurious_wake_ups.store(0, relaxed);
}

int threads_alive() {
  if (schedule::takes_turns()) return schedule::threads_alive();
  int count = 0;
  for (int i = 0; i < known(); ++i) count += threads[static_cast<std::size_t>(i)].ended.load(relaxed) ? 0 : 1;
  return count;
}

int threads_not_joined() {
  if (schedule::takes_turns()) return schedule::threads_left();
  int count = 0;
  for (int i = 0; i < known(); ++i) count += threads[static_cast<std::size_t>(i)].joined.load(relaxed) ? 0 : 1;
  return count;
}

int count_sleeps() {
  return sleeps.load(relaxed);
}

int count_sleeps_at_condition() {
  return sleeps_at_condition.load(relaxed);
}

int count_calls_to_wake() {
  return calls_to_wake.load(relaxed);
}

namespace hooks {

bool thread_is_refused() {
  return more_threads.load(relaxed) != no_limit && take_one(more_threads) == 0;
}

int create(decltype(pthread_create)* next, pthread_t* handle, const pthread_attr_t* attributes, void* (*start)(void*),
           void* argument) {
  const auto number = static_cast<std::size_t>(started.fetch_add(1, relaxed));
  if (number >= threads.size()) return next(handle, attributes, start, argument);
  Thread& thread = threads[number];
  thread.start = start;
  thread.argument = argument;
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
    if (thread.handle.load(relaxed) == handle) return thread.joined.store(true, relaxed);
  }
}

WaitsForATime::WaitsForATime() {
  timed_waits.fetch_add(1, relaxed);
  this_thread->waits_for_a_time.store(true, relaxed);
}
WaitsForATime::~WaitsForATime() {
  this_thread->waits_for_a_time.store(false, relaxed);
}

bool fails_to_lock() {
  return tries_to_lock.fetch_add(1, relaxed) % 2 == 0;
}

bool wakes_up_spuriously() {
  return take_one(spurious_wake_ups) > 0;
}

void note_sleep() {
  sleeps.fetch_add(1, relaxed);
}

void note_sleep_at_condition() {
  note_sleep();
  sleeps_at_condition.fetch_add(1, relaxed);
}

void note_call_to_wake() {
  calls_to_wake.fetch_add(1, relaxed);
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

bool others_sleep(bool (*holds)()) {
  // One look is not enough: see is_at_rest.
  std::string first;
  std::string second;
  return note_sleepers(first) && (holds == nullptr || holds()) && note_sleepers(second) && first == second;
}

}  // namespace hooks
}  // namespace support
