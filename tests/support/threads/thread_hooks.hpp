// What interposed.hpp calls; see thread_trouble.hpp for what it is good for.
#pragma once

#include <pthread.h>
#include <sys/types.h>

#include <vector>

namespace support::hooks {

// In place of pthread_create, which is `next`.
int create(decltype(pthread_create)* next, pthread_t* thread, const pthread_attr_t* attributes, void* (*start)(void*),
           void* argument);

void before_join(pthread_t thread);
void before_wait();
void after_unlock();
bool fails_to_lock();  // every other time: trying to lock a mutex may fail without a reason
void after_notify();
bool wakes_up_spuriously();
bool somebody_dawdles();

// Those that this program has started, and its first; without the caller.
std::vector<pid_t> other_threads();

// Whether each of them sleeps, and none has run for a moment. `holds`, if given, is asked within that moment, and must
// be true as well.
bool others_sleep(bool (*holds)() = nullptr);

}  // namespace support::hooks
