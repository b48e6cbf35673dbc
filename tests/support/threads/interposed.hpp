// Puts itself in front of the C library's functions for threads, for thread_trouble.hpp. To be included once in a test
// program; with the functions of a sanitizer, if there is one, called next.
#pragma once

#include "threads/thread_hooks.hpp"

#include <dlfcn.h>
#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>

// What a sanitizer that is part of the program puts in front itself; null without.
extern "C" {
// NOLINTBEGIN(bugprone-reserved-identifier, readability-identifier-naming)
__attribute__((weak)) decltype(pthread_create) __interceptor_pthread_create;
__attribute__((weak)) decltype(pthread_join) __interceptor_pthread_join;
__attribute__((weak)) decltype(pthread_mutex_trylock) __interceptor_pthread_mutex_trylock;
__attribute__((weak)) decltype(pthread_mutex_unlock) __interceptor_pthread_mutex_unlock;
__attribute__((weak)) decltype(pthread_cond_wait) __interceptor_pthread_cond_wait;
__attribute__((weak)) decltype(pthread_cond_timedwait) __interceptor_pthread_cond_timedwait;
__attribute__((weak)) decltype(pthread_cond_clockwait) __interceptor_pthread_cond_clockwait;
__attribute__((weak)) decltype(pthread_cond_signal) __interceptor_pthread_cond_signal;
__attribute__((weak)) decltype(pthread_cond_broadcast) __interceptor_pthread_cond_broadcast;
__attribute__((weak)) decltype(usleep) __interceptor_usleep;
__attribute__((weak)) decltype(nanosleep) __interceptor_nanosleep;
__attribute__((weak)) decltype(clock_nanosleep) __interceptor_clock_nanosleep;
// NOLINTEND(bugprone-reserved-identifier, readability-identifier-naming)
}

namespace support::hooks {

template <class F>
F* next(F* in_front, const char* name) {
  return in_front != nullptr ? in_front : reinterpret_cast<F*>(::dlsym(RTLD_NEXT, name));
}

template <class F>
F* next(const char* name) {
  return next(static_cast<F*>(nullptr), name);
}

// Looked up ahead: a child that has only just been forked calls it as well.
inline const auto next_syscall = next<decltype(::syscall)>("syscall");

inline long pass_on(long number, const long (&arguments)[6]) {
  const auto call = next_syscall != nullptr ? next_syscall : next<decltype(::syscall)>("syscall");
  return call(number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5]);
}

}  // namespace support::hooks

extern "C" {

int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*start)(void*),
                   void* argument) noexcept {
  using namespace support::hooks;
  return create(next(&__interceptor_pthread_create, "pthread_create"), thread, attributes, start, argument);
}

int pthread_join(pthread_t thread, void** result) {
  using namespace support::hooks;
  before_join(thread);
  return next(&__interceptor_pthread_join, "pthread_join")(thread, result);
}

int pthread_mutex_trylock(pthread_mutex_t* mutex) noexcept {
  using namespace support::hooks;
  if (fails_to_lock()) return EBUSY;
  return next(&__interceptor_pthread_mutex_trylock, "pthread_mutex_trylock")(mutex);
}

int pthread_mutex_unlock(pthread_mutex_t* mutex) noexcept {
  using namespace support::hooks;
  before_unlock();
  const int result = next(&__interceptor_pthread_mutex_unlock, "pthread_mutex_unlock")(mutex);
  after_unlock();
  return result;
}

int pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex) {
  using namespace support::hooks;
  waits_for_others();
  if (wakes_up_spuriously()) return 0;
  before_wait();
  return next(&__interceptor_pthread_cond_wait, "pthread_cond_wait")(condition, mutex);
}

int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex, const timespec* end) {
  using namespace support::hooks;
  const WaitsForATime waits;
  return next(&__interceptor_pthread_cond_timedwait, "pthread_cond_timedwait")(condition, mutex, end);
}

int pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock, const timespec* end) {
  using namespace support::hooks;
  const WaitsForATime waits;
  return next(&__interceptor_pthread_cond_clockwait, "pthread_cond_clockwait")(condition, mutex, clock, end);
}

int nanosleep(const timespec* time, timespec* left) {
  using namespace support::hooks;
  const WaitsForATime waits;
  return next(&__interceptor_nanosleep, "nanosleep")(time, left);
}

int usleep(useconds_t time) {
  using namespace support::hooks;
  const WaitsForATime waits;
  return next(&__interceptor_usleep, "usleep")(time);
}

int clock_nanosleep(clockid_t clock, int flags, const timespec* time, timespec* left) {
  using namespace support::hooks;
  const WaitsForATime waits;
  return next(&__interceptor_clock_nanosleep, "clock_nanosleep")(clock, flags, time, left);
}

int sched_yield() noexcept {
  using namespace support::hooks;
  waits_for_others();
  return next<decltype(::sched_yield)>("sched_yield")();
}

// What latches, semaphores, futures and atomics of libstdc++ wait by.
long syscall(long number, ...) noexcept {
  using namespace support::hooks;
  va_list list;
  va_start(list, number);
  long arguments[6];
  for (long& each : arguments) each = va_arg(list, long);
  va_end(list);
  const long command = arguments[1] & FUTEX_CMD_MASK;
  if (number != SYS_futex || (command != FUTEX_WAIT && command != FUTEX_WAIT_BITSET)) return pass_on(number, arguments);
  if (arguments[3] == 0) {
    waits_for_others();
    return pass_on(number, arguments);
  }
  const WaitsForATime waits;
  return pass_on(number, arguments);
}

int pthread_cond_signal(pthread_cond_t* condition) noexcept {
  using namespace support::hooks;
  const int result = next(&__interceptor_pthread_cond_signal, "pthread_cond_signal")(condition);
  after_notify();
  return result;
}

int pthread_cond_broadcast(pthread_cond_t* condition) noexcept {
  using namespace support::hooks;
  const int result = next(&__interceptor_pthread_cond_broadcast, "pthread_cond_broadcast")(condition);
  after_notify();
  return result;
}
}
