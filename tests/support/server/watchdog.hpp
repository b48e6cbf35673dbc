// Ends a test that hangs: when every thread of this program has slept in the kernel for `rest_guard`, and the servers
// that it started sleep as well, nothing will happen any more, so that waiting for the runner's time limit tells
// nothing new. Whoever waits by a Patience wakes up all the time, and so does what works, however slowly.
//
// A test that lets time pass on purpose does so for less than `rest_guard` at a stretch.
//
// It is a process of its own: it costs this one no processor time and no thread.
#pragma once

#include <sys/types.h>

#include <string>

namespace support::watchdog {

// Once, while this program has one thread.
void start();
void stop();

void test_begins(int number, const std::string& name, const std::string& place);
void test_failed(const std::string& headline);  // and goes on, say to its destructors
// In which every thread of `process` waits for another. `rule`, a line "rule: NAME", is what is known of that; without
// one it goes by where the threads stand. Ends that process and this one.
[[noreturn]] void test_hangs(pid_t process, const std::string& rule);

void test_ends();

}  // namespace support::watchdog
