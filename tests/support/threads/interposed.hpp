// Puts itself in front of the C library's functions for threads, for turns.hpp and for thread_trouble.hpp. To be
// included once in a test program; with the functions of a sanitizer, if there is one, called next.
#pragma once

#include "schedule/system_call.hpp"
#include "schedule/turns.hpp"
#include "threads/thread_hooks.hpp"

#include <dlfcn.h>
#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdarg>

// What a sanitizer that is part of the program puts in front itself; null without.
#define SUPPORT_IN_FRONT(name) __attribute__((weak)) decltype(name) __interceptor_##name
extern "C" {
// NOLINTBEGIN(bugprone-reserved-identifier, readability-identifier-naming)
SUPPORT_IN_FRONT(pthread_create);
SUPPORT_IN_FRONT(pthread_join);
SUPPORT_IN_FRONT(pthread_once);
SUPPORT_IN_FRONT(pthread_mutex_lock);
SUPPORT_IN_FRONT(pthread_mutex_trylock);
SUPPORT_IN_FRONT(pthread_mutex_timedlock);
SUPPORT_IN_FRONT(pthread_mutex_clocklock);
SUPPORT_IN_FRONT(pthread_mutex_unlock);
SUPPORT_IN_FRONT(pthread_rwlock_rdlock);
SUPPORT_IN_FRONT(pthread_rwlock_wrlock);
SUPPORT_IN_FRONT(pthread_rwlock_tryrdlock);
SUPPORT_IN_FRONT(pthread_rwlock_trywrlock);
SUPPORT_IN_FRONT(pthread_rwlock_unlock);
SUPPORT_IN_FRONT(pthread_cond_wait);
SUPPORT_IN_FRONT(pthread_cond_timedwait);
SUPPORT_IN_FRONT(pthread_cond_clockwait);
SUPPORT_IN_FRONT(pthread_cond_signal);
SUPPORT_IN_FRONT(pthread_cond_broadcast);
SUPPORT_IN_FRONT(clock_gettime);
SUPPORT_IN_FRONT(usleep);
SUPPORT_IN_FRONT(nanosleep);
SUPPORT_IN_FRONT(clock_nanosleep);
SUPPORT_IN_FRONT(sched_yield);
// NOLINTEND(bugprone-reserved-identifier, readability-identifier-naming)
}
#undef SUPPORT_IN_FRONT

namespace support::schedule {

extern const bool calls_are_interposed = true;

template <class F>
F* next(F* in_front, const char* name) {
  return in_front != nullptr ? in_front : reinterpret_cast<F*>(::dlsym(RTLD_NEXT, name));
}

// The function that comes after ours.
#define SUPPORT_NEXT(name)                                                                              \
  [] {                                                                                                  \
    static decltype(&::name) found = nullptr; /* each that is the first to look it up finds the same */ \
    decltype(&::name) function = __atomic_load_n(&found, __ATOMIC_RELAXED);                             \
    if (function == nullptr) {                                                                          \
      function = support::schedule::next(&__interceptor_##name, #name);                                 \
      __atomic_store_n(&found, function, __ATOMIC_RELAXED);                                             \
    }                                                                                                   \
    return function;                                                                                    \
  }()

// Locks by `call`, which does not wait when it is this thread's turn.
template <class F>
int lock(const void* mutex, bool shared, F call) {
  if (!takes_turns()) return call();
  wait_for(shared ? Wait::share : Wait::lock, mutex);
  const int result = call();
  if (result == 0) hold(mutex, shared);
  return result;
}

inline long long nanoseconds_of(const timespec& time) {
  return time.tv_sec * 1'000'000'000LL + time.tv_nsec;
}

inline long long nanoseconds_until(clockid_t clock, const timespec& end) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return nanoseconds_of(end) - nanoseconds_of(now);
}

inline int lock_until(clockid_t clock, const timespec& end, pthread_mutex_t* mutex) {
  if (!wait_for(Wait::lock, mutex, nanoseconds_until(clock, end))) return ETIMEDOUT;
  hold(mutex, false);
  return SUPPORT_NEXT(pthread_mutex_lock)(mutex);  // GCC's ThreadSanitizer does not know the function with a clock
}

template <class F>
int try_lock(const void* mutex, bool shared, F call) {
  if (!takes_turns()) return hooks::fails_to_lock() ? EBUSY : call();
  point();
  if (try_fails()) return EBUSY;
  const int result = call();
  if (result == 0) hold(mutex, shared);
  return result;
}

template <class F>
int unlock(const void* mutex, F call) {
  if (!takes_turns()) return call();
  release(mutex);
  const int result = call();
  point();
  return result;
}

// Waits for a condition variable, in turn; `call` waits for it with a mutex of ours, once turns are over.
template <class F>
int wait_in_turn(pthread_cond_t* condition, pthread_mutex_t* mutex, long long nanoseconds, F call) {
  point(Wait::condition);  // between what it looked at and its sleep
  release(mutex);
  SUPPORT_NEXT(pthread_mutex_unlock)(mutex);
  const bool came = wait_for(Wait::condition, condition, nanoseconds);
  if (is_over()) {
    pthread_mutex_t ours = PTHREAD_MUTEX_INITIALIZER;
    SUPPORT_NEXT(pthread_mutex_lock)(&ours);
    return call(&ours);
  }
  wait_for(Wait::lock, mutex);
  SUPPORT_NEXT(pthread_mutex_lock)(mutex);
  hold(mutex, false);
  return came ? 0 : ETIMEDOUT;
}

template <class F>
int sleep_for(long long nanoseconds, F call) {
  if (takes_turns()) {
    wait_for(Wait::time, nullptr, nanoseconds);
    return 0;
  }
  const hooks::WaitsForATime waits;
  return call();
}

// What latches, semaphores, futures and atomics of libstdc++ wait by.
inline long futex_in_turn(const long (&arguments)[6]) {
  const auto* const word = reinterpret_cast<const int*>(arguments[0]);
  const long command = arguments[1] & FUTEX_CMD_MASK;
  if (command == FUTEX_WAKE || command == FUTEX_WAKE_BITSET) {
    wake(Wait::futex, word, static_cast<int>(arguments[2] > INT_MAX ? INT_MAX : arguments[2]));
    point();
    return 0;
  }
  const auto value = [word] { return __atomic_load_n(word, __ATOMIC_RELAXED); };
  point();
  if (value() != static_cast<int>(arguments[2])) {
    errno = EAGAIN;
    return -1;
  }
  long long nanoseconds = no_limit;
  if (const auto* const end = reinterpret_cast<const timespec*>(arguments[3])) {
    const clockid_t clock = (arguments[1] & FUTEX_CLOCK_REALTIME) != 0 ? CLOCK_REALTIME : CLOCK_MONOTONIC;
    nanoseconds = command == FUTEX_WAIT ? nanoseconds_of(*end) : nanoseconds_until(clock, *end);
  }
  const bool came = wait_for(Wait::futex, word, nanoseconds);
  if (is_over()) return system_call(SYS_futex, word, FUTEX_WAIT_PRIVATE, value(), nullptr);
  if (!came) errno = ETIMEDOUT;
  return came ? 0 : -1;
}

}  // namespace support::schedule

extern "C" {

int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*start)(void*),
                   void* argument) noexcept {
  using namespace support;
  if (hooks::thread_is_refused()) return EAGAIN;
  const auto next = SUPPORT_NEXT(pthread_create);
  if (schedule::takes_turns()) return schedule::start_thread(next, thread, attributes, start, argument);
  return hooks::create(next, thread, attributes, start, argument);
}

int pthread_join(pthread_t thread, void** result) {
  using namespace support;
  if (schedule::takes_turns()) {
    schedule::join(thread);
  } else {
    hooks::before_join(thread);
  }
  return SUPPORT_NEXT(pthread_join)(thread, result);
}

// Who comes while another thread is in it waits for that.
int pthread_once(pthread_once_t* control, void (*call)()) {
  using namespace support::schedule;
  if (!takes_turns()) return SUPPORT_NEXT(pthread_once)(control, call);
  wait_for(Wait::lock, control);
  struct Held {
    const void* object;
    explicit Held(const void* control) : object{control} { hold(object, false); }
    ~Held() { release(object); }
  } held{control};
  return SUPPORT_NEXT(pthread_once)(control, call);
}

int pthread_mutex_lock(pthread_mutex_t* mutex) noexcept {
  using namespace support::schedule;
  if (takes_turns() && holds(mutex) && SUPPORT_NEXT(pthread_mutex_trylock)(mutex) == 0) {
    hold(mutex, false);  // a recursive one
    return 0;
  }
  return lock(mutex, false, [mutex] { return SUPPORT_NEXT(pthread_mutex_lock)(mutex); });
}

int pthread_mutex_trylock(pthread_mutex_t* mutex) noexcept {
  return support::schedule::try_lock(mutex, false, [mutex] { return SUPPORT_NEXT(pthread_mutex_trylock)(mutex); });
}

int pthread_mutex_timedlock(pthread_mutex_t* mutex, const timespec* end) noexcept {
  using namespace support::schedule;
  return takes_turns() ? lock_until(CLOCK_REALTIME, *end, mutex) : SUPPORT_NEXT(pthread_mutex_timedlock)(mutex, end);
}

int pthread_mutex_clocklock(pthread_mutex_t* mutex, clockid_t clock, const timespec* end) noexcept {
  using namespace support::schedule;
  return takes_turns() ? lock_until(clock, *end, mutex) : SUPPORT_NEXT(pthread_mutex_clocklock)(mutex, clock, end);
}

int pthread_mutex_unlock(pthread_mutex_t* mutex) noexcept {
  return support::schedule::unlock(mutex, [mutex] { return SUPPORT_NEXT(pthread_mutex_unlock)(mutex); });
}

int pthread_rwlock_rdlock(pthread_rwlock_t* lock) noexcept {
  return support::schedule::lock(lock, true, [lock] { return SUPPORT_NEXT(pthread_rwlock_rdlock)(lock); });
}

int pthread_rwlock_wrlock(pthread_rwlock_t* lock) noexcept {
  return support::schedule::lock(lock, false, [lock] { return SUPPORT_NEXT(pthread_rwlock_wrlock)(lock); });
}

int pthread_rwlock_tryrdlock(pthread_rwlock_t* lock) noexcept {
  return support::schedule::try_lock(lock, true, [lock] { return SUPPORT_NEXT(pthread_rwlock_tryrdlock)(lock); });
}

int pthread_rwlock_trywrlock(pthread_rwlock_t* lock) noexcept {
  return support::schedule::try_lock(lock, false, [lock] { return SUPPORT_NEXT(pthread_rwlock_trywrlock)(lock); });
}

int pthread_rwlock_unlock(pthread_rwlock_t* lock) noexcept {
  return support::schedule::unlock(lock, [lock] { return SUPPORT_NEXT(pthread_rwlock_unlock)(lock); });
}

int pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex) {
  using namespace support;
  hooks::note_sleep_at_condition();
  const auto wait = [condition](pthread_mutex_t* with) { return SUPPORT_NEXT(pthread_cond_wait)(condition, with); };
  if (schedule::takes_turns()) return schedule::wait_in_turn(condition, mutex, schedule::no_limit, wait);
  return hooks::wakes_up_spuriously() ? 0 : wait(mutex);
}

int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex, const timespec* end) {
  using namespace support;
  hooks::note_sleep_at_condition();
  const auto wait = [=](pthread_mutex_t* with) { return SUPPORT_NEXT(pthread_cond_timedwait)(condition, with, end); };
  if (schedule::takes_turns()) {
    return schedule::wait_in_turn(condition, mutex, schedule::nanoseconds_until(CLOCK_REALTIME, *end), wait);
  }
  const hooks::WaitsForATime waits;
  return wait(mutex);
}

int pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock, const timespec* end) {
  using namespace support;
  hooks::note_sleep_at_condition();
  const auto wait = [=](pthread_mutex_t* with) {
    return SUPPORT_NEXT(pthread_cond_clockwait)(condition, with, clock, end);
  };
  if (schedule::takes_turns()) {
    return schedule::wait_in_turn(condition, mutex, schedule::nanoseconds_until(clock, *end), wait);
  }
  const hooks::WaitsForATime waits;
  return wait(mutex);
}

int pthread_cond_signal(pthread_cond_t* condition) noexcept {
  using namespace support::schedule;
  support::hooks::note_call_to_wake();
  if (!takes_turns()) return SUPPORT_NEXT(pthread_cond_signal)(condition);
  wake(Wait::condition, condition, 1);
  point();
  return 0;
}

int pthread_cond_broadcast(pthread_cond_t* condition) noexcept {
  using namespace support::schedule;
  support::hooks::note_call_to_wake();
  if (!takes_turns()) return SUPPORT_NEXT(pthread_cond_broadcast)(condition);
  wake(Wait::condition, condition, INT_MAX);
  point();
  return 0;
}

int nanosleep(const timespec* time, timespec* left) {
  using namespace support::schedule;
  return sleep_for(nanoseconds_of(*time), [=] { return SUPPORT_NEXT(nanosleep)(time, left); });
}

int usleep(useconds_t time) {
  return support::schedule::sleep_for(time * 1000LL, [=] { return SUPPORT_NEXT(usleep)(time); });
}

int clock_nanosleep(clockid_t clock, int flags, const timespec* time, timespec* left) {
  using namespace support::schedule;
  const bool until = (flags & TIMER_ABSTIME) != 0;
  return sleep_for(until ? nanoseconds_until(clock, *time) : nanoseconds_of(*time),
                   [=] { return SUPPORT_NEXT(clock_nanosleep)(clock, flags, time, left); });
}

int clock_gettime(clockid_t clock, timespec* time) noexcept {
  using namespace support::schedule;
  const int result = SUPPORT_NEXT(clock_gettime)(clock, time);
  if (result != 0 || !takes_turns()) return result;
  const long long now = time_of(clock, nanoseconds_of(*time));
  *time = {static_cast<time_t>(now / 1'000'000'000), static_cast<long>(now % 1'000'000'000)};
  return 0;
}

int sched_yield() noexcept {
  using namespace support::schedule;
  if (!takes_turns()) return SUPPORT_NEXT(sched_yield)();
  yield();
  return 0;
}

long syscall(long number, ...) noexcept {
  using namespace support;
  va_list list;
  va_start(list, number);
  long arguments[6];
  for (long& each : arguments) each = va_arg(list, long);
  va_end(list);
  const long command = arguments[1] & FUTEX_CMD_MASK;
  const bool waits = number == SYS_futex && (command == FUTEX_WAIT || command == FUTEX_WAIT_BITSET);
  const bool wakes = number == SYS_futex && (command == FUTEX_WAKE || command == FUTEX_WAKE_BITSET);
  if (waits) hooks::note_sleep();
  if (wakes) hooks::note_call_to_wake();
  if ((waits || wakes) && schedule::takes_turns()) return schedule::futex_in_turn(arguments);
  const auto pass_on = [&] {
    return schedule::system_call(number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4],
                                 arguments[5]);
  };
  if (!waits || arguments[3] == 0) return pass_on();
  const hooks::WaitsForATime waits_for_a_time;
  return pass_on();
}
}
