// How often the threads of this program sleep, and how often they call to wake others, whether anybody sleeps or not:
// by condition variables, and by what atomics, latches and semaphores of the standard library call. Waiting for a mutex
// is not counted. One source file of the test program includes threads/interposed.hpp for it.
#pragma once

namespace support {

int count_sleeps();               // so far; one that sleeps still is counted
int count_sleeps_at_condition();  // those of them that wait for a condition variable
int count_calls_to_wake();        // so far

}  // namespace support
