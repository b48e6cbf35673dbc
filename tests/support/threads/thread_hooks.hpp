// What interposed.hpp calls; see thread_trouble.hpp for what it is good for.
#pragma once

#include <pthread.h>
#include <sys/types.h>

namespace support::hooks {

// In place of pthread_create, which is `next`.
int create(decltype(pthread_create)* next, pthread_t* thread, const pthread_attr_t* attributes, void* (*start)(void*),
           void* argument);

void before_join(pthread_t thread);
void waits_for_others();  // this thread is about to wait for what another one does, in whatever way
void before_wait();       // for a condition variable
void before_unlock();
void after_unlock();
bool fails_to_lock();  // every other time: trying to lock a mutex may fail without a reason
void after_notify();
bool wakes_up_spuriously();
bool somebody_dawdles();

// As long as it lives, this thread waits for others, and for a time.
class WaitsForATime {
 public:
  WaitsForATime();
  ~WaitsForATime();
  WaitsForATime(const WaitsForATime&) = delete;
  WaitsForATime& operator=(const WaitsForATime&) = delete;
};

unsigned count_timed_waits();  // that have begun so far
bool others_wait_for_a_time();

// Milliseconds of processor time that other threads have spent in here.
long long others_dawdled();

// Whether each of them sleeps, and none has run for a moment. `holds`, if given, is asked within that moment, and must
// be true as well.
bool others_sleep(bool (*holds)() = nullptr);

}  // namespace support::hooks
