// What interposed.hpp calls for threads that take no turns; see thread_trouble.hpp for what it is good for.
#pragma once

#include <pthread.h>
#include <sys/types.h>

namespace support::hooks {

bool thread_is_refused();
// In place of pthread_create, which is `next`.
int create(decltype(pthread_create)* next, pthread_t* thread, const pthread_attr_t* attributes, void* (*start)(void*),
           void* argument);
void before_join(pthread_t thread);
bool fails_to_lock();  // every other time: trying to lock a mutex may fail without a reason
bool wakes_up_spuriously();

// As long as it lives, this thread waits for a time.
class WaitsForATime {
 public:
  WaitsForATime();
  ~WaitsForATime();
  WaitsForATime(const WaitsForATime&) = delete;
  WaitsForATime& operator=(const WaitsForATime&) = delete;
};

// A thread is about to wait until it is woken, ...
void note_sleep();
void note_sleep_at_condition();
void note_call_to_wake();  // ... and another calls to wake one, or all

unsigned count_timed_waits();  // that have begun so far
bool others_wait_for_a_time();

// Whether each of them sleeps, and none has run for a moment. `holds`, if given, is asked within that moment, and must
// be true as well.
bool others_sleep(bool (*holds)() = nullptr);

}  // namespace support::hooks
