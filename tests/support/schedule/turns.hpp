// The threads of a test take turns: one of them runs at a time. Whoever is about to wait, or has let others go on, asks
// the schedule who is next (the functions that interposed.hpp puts in front of the C library's). Who waits for what is
// known here, so a state in which nobody can go on is a deadlock, known at once.
//
// This is compiled without sanitizers, and hands over by system calls that ThreadSanitizer does not know: it orders
// nothing for it, so data races stay visible.
#pragma once

#include "schedule/search.hpp"

#include <pthread.h>
#include <time.h>

namespace support::schedule {

enum class Verdict : unsigned char {
  none,      // the schedule came to its end
  deadlock,  // nobody can go on; from here on the threads wait in the C library's own functions
  endless,   // they go on and on
  works,     // they never sleep while this thread waits for that
  dozes,     // they sleep for a time, and look again
  outlives,  // threads are left at the end
  failed,    // an expectation was not met
  asks,      // the schedule is chosen by somebody, who is to say how it goes on
  diverges,  // the program did not do the same again
  goes_on,   // there is a next schedule, for the next child
};

enum class Wait : unsigned char {
  nothing,    // it can go on
  lock,       // until nobody else holds the object
  share,      // until nobody else holds it alone
  condition,  // until it is notified
  futex,      // until it is woken
  end,        // until the thread has ended
  time,       // until a time
  others,     // until all others sleep
};

// What a thread did at a place where the schedule was asked, or was asked to do. `number`: how many it woke, or the
// thread that it started or waits for.
enum class Did : unsigned char {
  starts,
  ends,
  locks,
  unlocks,
  waits,            // for what `wait` says
  goes_on,          // what it waited for has come
  wakes_by_itself,  // for no reason
  runs_out,         // of time
  notifies,
  wakes,  // at a latch, future or semaphore
  is_held_up,
};

// By what a thread may be next: nothing holds it up, its time is over, or it wakes up for no reason.
enum class Why : unsigned char { ready, time, nothing };

// What may come next, where there is more than one.
struct Option {
  unsigned char thread;
  Why why;
  Wait wait;  // what it waits for until then
};

struct Event {
  unsigned char thread;
  Did did;
  Wait wait;
  int number;
  const void* object;  // that it locks or unlocks
  int jobs;            // that have been handed in to a pool, and not begun; -1: no job has been seen
  void* calls[24];     // that were under way, the innermost first; null behind the last
};
constexpr int most_events = 2000;
constexpr int most_threads = 32;

// What the test program and the child in which the schedules run share.
struct Board {
  Search search;
  bool once = false;      // only the schedule that the search is at
  bool one_each = false;  // a child runs one schedule, and leaves the next to another child
  int most_switches = 0;  // that are tried
  long schedules = 0;     // that were begun, without those that were drawn
  long steps = 0;         // of all of them
  long most_steps = 0;    // after which no more are tried, but some that are drawn
  bool draws = true;      // some, then
  int alarm = -1;         // a descriptor to which a byte is written at a deadlock
  Verdict verdict = Verdict::none;
  int left = 0;                      // threads, for `outlives`
  Wait first_waits = Wait::nothing;  // the test's own thread, for `endless`
  bool wake_up_is_lost = false;      // for `deadlock`: see is_lost
  const char* file = nullptr;        // of the expectation
  int line = 0;
  char text[4096] = {};
  bool records = false;    // what its threads do
  int switches = 0;        // of the schedule so far
  bool is_guided = false;  // asks when the choices that are set have been made
  int option_count = 0;    // for `asks`
  Option options[most_candidates] = {};
  Event stands[most_threads] = {};  // where each thread last asked, for `asks`
  int event_count = 0;
  Event events[most_events] = {};
};

// The calling thread becomes the first of a test whose threads take turns; `enter` once a schedule.
void enter(Board& board);
// ... until here. Its threads must have ended.
void leave();

// Defined by threads/interposed.hpp; null in a program without that, whose threads take no turns.
extern __attribute__((weak)) const bool calls_are_interposed;

// Whether the calling thread takes turns. The functions below are for those who do.
bool takes_turns();

// The schedule may go on with another thread. `next`: what the thread waits for then, if that is sure.
void point(Wait next = Wait::nothing);
void yield();  // the schedule goes on with another thread, if one can go on
// True: it has come. False: `nanoseconds`, if there is such a limit, are over; they are when nobody else can go on, and
// clocks go forward by as much.
constexpr long long no_limit = -1;
bool wait_for(Wait what, const void* object, long long nanoseconds = no_limit);
// What a clock of the system says, in nanoseconds, to those who take turns; `now` is what it really says. For them time
// passes by what they wait for, and by a microsecond at each look at a clock.
long long time_of(clockid_t clock, long long now);
bool holds(const void* object);  // this thread
bool try_fails();                // for no reason, as POSIX allows
void hold(const void* object, bool shared);
void release(const void* object);
void wake(Wait what, const void* object, int most);  // the first who waited first
// After a deadlock: threads take no turns any more, and wait where they would have.
bool is_over();

// For who looks at a schedule: a caller hands a job in, which is known by an address, and somebody begins it.
void hand_in_job(const void* job);
void begin_job(const void* job);

int start_thread(decltype(pthread_create)* next, pthread_t* handle, const pthread_attr_t* attributes,
                 void* (*start)(void*), void* argument);
void join(pthread_t handle);  // waits until it has ended

// Of the threads that were started in this schedule, those that have not been joined, or have not ended.
int threads_left();
int threads_alive();

}  // namespace support::schedule
