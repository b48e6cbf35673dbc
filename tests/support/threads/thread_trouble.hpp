// Trouble that threads may meet on any machine, on some day, brought about here and now. Each kind lasts for as long as
// its object lives. One source file of the test program includes interposed.hpp for it.
//
// Nothing in here orders what the threads do in the eyes of ThreadSanitizer: it would hide their data races.
#pragma once

#include "report/place.hpp"

namespace support {

// The system starts `more` threads, and refuses the next (EAGAIN).
class ThreadsFail {
 public:
  explicit ThreadsFail(int more);
  ~ThreadsFail();
  ThreadsFail(const ThreadsFail&) = delete;
  ThreadsFail& operator=(const ThreadsFail&) = delete;
};

// A thread that is started in the meantime takes its first step only when somebody waits: by a join of this thread, or
// in any other way for whatever others do. Who waits by a loop that calls nothing is known by the processor time that
// it takes. A thread for which nobody waits is held for good, so that it can do no harm when what it uses has gone.
class ThreadsHeldBack {
 public:
  ThreadsHeldBack();
  ~ThreadsHeldBack();
  ThreadsHeldBack(const ThreadsHeldBack&) = delete;
  ThreadsHeldBack& operator=(const ThreadsHeldBack&) = delete;

  // How many of them nobody has joined yet, held back or not.
  int count() const;

  void let_go();

 private:
  int first_;
};

// Everything happens at the least lucky moment. A thread that is about to sleep until a condition variable is notified
// dawdles, with its mutex still locked, until another one notifies, or until all others sleep. So does one of the
// program's threads, other than its first, that has just unlocked a mutex; those who dawdle there go on together. A
// thread that notifies goes on only when all others sleep again. After some rounds of that in which the first thread
// did nothing, nobody dawdles until it does: a thread may look often before it sleeps.
class UnluckyMoments {
 public:
  UnluckyMoments();
  ~UnluckyMoments();
  UnluckyMoments(const UnluckyMoments&) = delete;
  UnluckyMoments& operator=(const UnluckyMoments&) = delete;

  // Until a thread dawdles, or all others sleep.
  void wait_for_one(Place place = Place::here()) const;
};

// When threads other than the program's first have unlocked mutexes `nth` times from now on, the last of them goes on
// only when all others sleep.
class HeldAfterUnlock {
 public:
  explicit HeldAfterUnlock(int nth);
  ~HeldAfterUnlock();
  HeldAfterUnlock(const HeldAfterUnlock&) = delete;
  HeldAfterUnlock& operator=(const HeldAfterUnlock&) = delete;

  // Until it is held there. If it does not come there: until all others sleep, or have worked for a while.
  void wait() const;
};

// Each of the next `count` waits for a condition variable ends at once, without a notification, as POSIX allows.
class SpuriousWakeUps {
 public:
  explicit SpuriousWakeUps(int count);
  ~SpuriousWakeUps();
  SpuriousWakeUps(const SpuriousWakeUps&) = delete;
  SpuriousWakeUps& operator=(const SpuriousWakeUps&) = delete;
};

// Threads that were started by this program and have not ended.
int threads_alive();

// Threads that were started by this program and that nobody has joined; those that were detached, too.
int threads_not_joined();

// Until every thread but the caller's sleeps and waits for somebody else; fails the test when that does not come.
void wait_until_others_sleep(Place place = Place::here());

}  // namespace support
