// Puts itself in front of the C library's functions for threads, for thread_trouble.hpp. To be included once in a test
// program; with the functions of a sanitizer, if there is one, called next.
#pragma once

#include "threads/thread_hooks.hpp"

#include <dlfcn.h>

#include <cerrno>

// What a sanitizer that is part of the program puts in front itself; null without.
extern "C" {
// NOLINTBEGIN(bugprone-reserved-identifier, readability-identifier-naming)
__attribute__((weak)) decltype(pthread_create) __interceptor_pthread_create;
__attribute__((weak)) decltype(pthread_join) __interceptor_pthread_join;
__attribute__((weak)) decltype(pthread_mutex_trylock) __interceptor_pthread_mutex_trylock;
__attribute__((weak)) decltype(pthread_mutex_unlock) __interceptor_pthread_mutex_unlock;
__attribute__((weak)) decltype(pthread_cond_wait) __interceptor_pthread_cond_wait;
__attribute__((weak)) decltype(pthread_cond_signal) __interceptor_pthread_cond_signal;
__attribute__((weak)) decltype(pthread_cond_broadcast) __interceptor_pthread_cond_broadcast;
// NOLINTEND(bugprone-reserved-identifier, readability-identifier-naming)
}

namespace support::hooks {

template <class F>
F* next(F* in_front, const char* name) {
  return in_front != nullptr ? in_front : reinterpret_cast<F*>(::dlsym(RTLD_NEXT, name));
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
  const int result = next(&__interceptor_pthread_mutex_unlock, "pthread_mutex_unlock")(mutex);
  after_unlock();
  return result;
}

int pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex) {
  using namespace support::hooks;
  if (wakes_up_spuriously()) return 0;
  before_wait();
  return next(&__interceptor_pthread_cond_wait, "pthread_cond_wait")(condition, mutex);
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
