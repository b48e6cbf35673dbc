// Facts about a running process, read from /proc. Each throws std::runtime_error when there is no such process.
#pragma once

#include <sys/types.h>

#include <string>

namespace support {

// Whether ThreadSanitizer watches. It takes some 7 ms to start a thread, so that hundreds are too many for a test.
#if defined(__SANITIZE_THREAD__)
inline constexpr bool thread_sanitizer = true;
#elif defined(__has_feature)
inline constexpr bool thread_sanitizer = __has_feature(thread_sanitizer);
#else
inline constexpr bool thread_sanitizer = false;
#endif

// Open descriptors; the one that counting itself needs is left out.
int count_descriptors(pid_t process);

// Threads; the one that ThreadSanitizer keeps for itself is left out. One that has been joined may be there for a
// moment more: the system wakes up whoever joins it before it has left.
int count_threads(pid_t process);

// Its oldest thread beside main that has not blocked the signal; 0 when there is none.
pid_t thread_that_takes(pid_t process, int signal);

// Milliseconds that all its threads have spent on a processor, user and system together.
long long cpu_milliseconds(pid_t process);

// Bytes of its memory that were in the machine's at the same time, at most (VmHWM).
long long peak_memory(pid_t process);

// Whether it has ended, be it that nobody has asked for its status yet.
bool has_ended(pid_t process);

// Whether every thread sleeps in the kernel: nothing happens until somebody else acts, or a timer of its own ends. True
// for a process that is gone, too.
bool sleeps(pid_t process);
bool sleeps(pid_t process, pid_t thread);

// The same for its children as well: a sanitizer has one of them look up names for its report.
bool is_at_rest(pid_t process);

// The same in one look: false when one does not sleep. It appends how often each has left the processor, so that equal
// notes of two looks say that none of them ran in between. A sanitizer's own threads are left out,
// and so is the child that asks.
bool note_rest(pid_t process, std::string& notes);

}  // namespace support
