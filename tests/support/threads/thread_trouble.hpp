// Trouble that threads may meet on any machine, on some day, brought about here and now. Each kind lasts for as long as
// its object lives. One source file of the test program includes threads/interposed.hpp for it.
//
// Nothing in here orders what the threads do in the eyes of ThreadSanitizer: it would hide their data races.
#pragma once

namespace support {

// The system starts `more` threads, and refuses the next (EAGAIN).
class ThreadsFail {
 public:
  explicit ThreadsFail(int more);
  ~ThreadsFail();
  ThreadsFail(const ThreadsFail&) = delete;
  ThreadsFail& operator=(const ThreadsFail&) = delete;
};

// Each of the next `count` waits for a condition variable ends at once, without a notification, as POSIX allows.
class SpuriousWakeUps {
 public:
  explicit SpuriousWakeUps(int count);
  ~SpuriousWakeUps();
  SpuriousWakeUps(const SpuriousWakeUps&) = delete;
  SpuriousWakeUps& operator=(const SpuriousWakeUps&) = delete;
};

// Threads that were started by this program and have not ended; in a test whose threads take turns, that were started
// in it.
int threads_alive();

// Those that nobody has joined; those that were detached, too.
int threads_not_joined();

}  // namespace support
