#include "schedule/turns.hpp"

#include "schedule/system_call.hpp"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <unwind.h>

#include <cstddef>

namespace support::schedule {
namespace {

// Sanitizers clear what they know of a stack when a thread starts and ends.
constexpr std::size_t stack_size = 256UL * 1024;

constexpr int most_locks = 16;       // that a thread holds at a time
constexpr long most_steps = 50'000;  // of a schedule
constexpr int most_in_a_row = 200;   // of a thread while others could go on: it goes round in a loop
constexpr int most_work = 10'000;    // steps of others, until they sleep
constexpr int most_unheard = 64;
constexpr int most_looks = 30;  // timed waits of others, until they sleep without a time

struct Thread {
  int turn = 0;  // a futex
  Wait wait = Wait::nothing;
  Wait next = Wait::nothing;  // after a place where it can go on
  const void* object = nullptr;
  long long until = no_limit;  // by the clocks that go ahead
  bool woken = false;
  bool time_is_over = false;
  bool woken_by_nobody = false;
  bool ended = false;
  bool joined = false;
  long since = 0;  // the step at which it began to wait
  int in_a_row = 0;
  pthread_t handle{};
  void* (*start)(void*) = nullptr;
  void* argument = nullptr;
  struct Lock {
    const void* object;
    bool shared;
  } locks[most_locks] = {};
  int lock_count = 0;
  long locked_at = 0;  // the step
};

struct Notification {
  const void* condition;
  long step;
};

Board* board = nullptr;
Thread threads[most_threads];
int thread_count = 0;
long steps = 0;
int looks = 0;
Notification unheard[most_unheard];  // the latest that may have woken somebody, and did not
long unheard_count = 0;
const void* jobs[64];  // that have been handed in, and not begun
int job_count = -1;
long long begins[2] = {};  // what the two clocks first said
long long ahead = 0;       // how much has been waited for since
bool over = false;
thread_local int self = -1;

_Unwind_Reason_Code add_call(_Unwind_Context* context, void* argument) {
  Event& event = *static_cast<Event*>(argument);
  for (void*& call : event.calls) {
    if (call != nullptr) continue;
    // In the call, not behind it.
    call = reinterpret_cast<void*>(_Unwind_GetIP(context) - 1);  // NOLINT(performance-no-int-to-ptr)
    return _URC_NO_REASON;
  }
  return _URC_END_OF_STACK;
}

void look_at_calls(Event& event) {
  const int thread = self;
  self = -1;  // the unwinder locks mutexes, too
  ::_Unwind_Backtrace(add_call, &event);
  self = thread;
}

void record(Did did, int number = 0, Wait wait = Wait::nothing, const void* object = nullptr) {
  if (!board->records || board->event_count == most_events) return;
  Event& event = board->events[board->event_count];
  event.thread = static_cast<unsigned char>(self);
  event.did = did;
  event.wait = wait;
  event.number = number;
  event.object = object;
  event.jobs = job_count;
  look_at_calls(event);
  ++board->event_count;
}

void wait_for_turn(Thread& thread) {
  while (__atomic_load_n(&thread.turn, __ATOMIC_ACQUIRE) == 0) {
    system_call(SYS_futex, &thread.turn, FUTEX_WAIT_PRIVATE, 0, nullptr);
  }
  __atomic_store_n(&thread.turn, 0, __ATOMIC_RELAXED);
}

void give_turn(Thread& thread) {
  __atomic_store_n(&thread.turn, 1, __ATOMIC_RELEASE);
  system_call(SYS_futex, &thread.turn, FUTEX_WAKE_PRIVATE, 1, nullptr);
}

[[noreturn]] void end_with(Verdict verdict) {
  board->verdict = verdict;
  board->first_waits = threads[0].wait;
  system_call(SYS_exit_group, 0);
  __builtin_unreachable();
}

bool is_free_for(int thread, const void* object, bool shared) {
  for (int i = 0; i < thread_count; ++i) {
    for (int j = 0; i != thread && j < threads[i].lock_count; ++j) {
      const Thread::Lock& lock = threads[i].locks[j];
      if (lock.object == object && !(shared && lock.shared)) return false;
    }
  }
  return true;
}

bool holds_itself(const Thread& thread, const void* object) {
  for (int i = 0; i < thread.lock_count; ++i) {
    if (thread.locks[i].object == object) return true;
  }
  return false;
}

bool can_go_on(int index) {
  const Thread& thread = threads[index];
  if (thread.ended) return false;
  switch (thread.wait) {
    case Wait::nothing:
      return true;
    case Wait::lock:
      return is_free_for(index, thread.object, false) && !holds_itself(thread, thread.object);
    case Wait::share:
      return is_free_for(index, thread.object, true);
    case Wait::condition:
    case Wait::futex:
      return thread.woken;
    case Wait::end:
      return static_cast<const Thread*>(thread.object)->ended;
    case Wait::time:
    case Wait::others:
      return false;
  }
  return false;
}

struct Candidates {
  int threads[most_candidates];
  Why whys[most_candidates];
  unsigned char costs[most_candidates];
  int count = 0;
  void add(int thread, Why why, unsigned char cost) {
    threads[count] = thread;
    whys[count] = why;
    costs[count++] = cost;
  }
};

// Nobody can go on: for those who wait for a time it is over, and whoever waits until all others sleep has seen it.
void add_if_others_sleep(Candidates& candidates) {
  int waits_for_others = -1;
  for (int i = 0; i < thread_count; ++i) {
    if (!threads[i].ended && threads[i].wait == Wait::others) waits_for_others = i;
  }
  for (int i = 0; i < thread_count; ++i) {
    if (!threads[i].ended && threads[i].until != no_limit) candidates.add(i, Why::time, 0);
  }
  if (candidates.count > 0 && waits_for_others >= 0 && ++looks > most_looks) end_with(Verdict::dozes);
  if (candidates.count > 0) return;
  if (waits_for_others >= 0) candidates.add(waits_for_others, Why::ready, 0);
}

// A sleeper may wake up for no reason, as POSIX allows (pthread_cond_wait), and the time of one that waits for a time
// may be over while others have not come far: each counts as a switch.
void add_early_risers(Candidates& candidates, bool all_sleep) {
  if (candidates.count == 0) return;
  for (int i = 0; i < thread_count; ++i) {
    const Thread& thread = threads[i];
    if (thread.ended || thread.woken) continue;
    if (thread.until != no_limit && !all_sleep) candidates.add(i, Why::time, 1);
    if (thread.wait == Wait::condition) candidates.add(i, Why::nothing, 1);
  }
}

[[noreturn]] void ask(const Candidates& candidates) {
  board->option_count = candidates.count;
  for (int i = 0; i < candidates.count; ++i) {
    const int thread = candidates.threads[i];
    board->options[i] = {static_cast<unsigned char>(thread), candidates.whys[i], threads[thread].wait};
  }
  end_with(Verdict::asks);
}

// Who is next; -1: nobody can go on.
int next_thread(bool goes_on) {
  Candidates candidates;
  if (goes_on) candidates.add(self, Why::ready, 0);
  for (int i = 0; i < thread_count; ++i) {
    if (i != self && can_go_on(i)) candidates.add(i, Why::ready, goes_on ? 1 : 0);
  }
  const bool all_sleep = candidates.count == 0;
  if (all_sleep) add_if_others_sleep(candidates);
  if (candidates.count == 0) return -1;
  const int ready = candidates.count;
  add_early_risers(candidates, all_sleep);
  if (board->is_guided && candidates.count > 1 && board->search.position == board->search.length) ask(candidates);
  const int picked = board->search.pick(candidates.costs, candidates.count, candidates.threads, ready);
  board->switches += candidates.costs[picked];
  Thread& thread = threads[candidates.threads[picked]];
  thread.woken = true;  // if it sleeps
  if (candidates.whys[picked] == Why::time) {
    thread.time_is_over = true;
    if (thread.until > ahead) ahead = thread.until;
  }
  thread.woken_by_nobody = candidates.whys[picked] == Why::nothing;
  if (goes_on && &thread != &threads[self]) record(Did::is_held_up, 0, threads[self].next);
  return candidates.threads[picked];
}

// The next in turn, for one who gives way: no choice, as it will come back to the same place.
int next_in_turn() {
  for (int i = 1; i < thread_count; ++i) {
    const int other = (self + i) % thread_count;
    if (can_go_on(other)) return other;
  }
  return self;
}

void count_step() {
  ++board->steps;
  if (++steps > most_steps) end_with(Verdict::endless);
  for (int i = 0; i < thread_count; ++i) {
    if (threads[i].wait == Wait::others && !threads[i].ended && steps - threads[i].since > most_work)
      end_with(Verdict::works);
  }
}

void hand_over(int next) {
  Thread& thread = threads[next];
  if (next == self) return;
  thread.in_a_row = 0;
  give_turn(thread);
}

// Whether it sleeps although a notification came, and woke nobody, after it had locked a mutex to look and before it
// slept.
bool is_lost(const Thread& thread) {
  if (thread.ended || thread.wait != Wait::condition) return false;
  for (long i = 0; i < unheard_count && i < most_unheard; ++i) {
    const Notification& each = unheard[i];
    if (each.condition == thread.object && each.step > thread.locked_at && each.step < thread.since) return true;
  }
  return false;
}

void stop_turns() {
  for (int i = 0; i < thread_count; ++i) board->wake_up_is_lost = board->wake_up_is_lost || is_lost(threads[i]);
  board->verdict = Verdict::deadlock;
  __atomic_store_n(&over, true, __ATOMIC_RELEASE);
  for (int i = 0; i < thread_count; ++i) {
    if (i != self && !threads[i].ended) give_turn(threads[i]);
  }
  const char byte = 0;
  system_call(SYS_write, board->alarm, &byte, 1L);
}

void go_on_with(int next) {
  if (next < 0) return stop_turns();
  hand_over(next);
  if (next != self) wait_for_turn(threads[self]);
}

// Runs when all else that the thread does at its end is done.
void end_thread(void*) {
  if (!takes_turns()) return;
  threads[self].ended = true;
  record(Did::ends);
  count_step();
  const int next = next_thread(false);
  if (next < 0) {
    stop_turns();
  } else {
    hand_over(next);
  }
  self = -1;
}

pthread_key_t key_of_end() {
  static pthread_key_t key;
  static bool made = false;
  if (!made) ::pthread_key_create(&key, end_thread);
  made = true;
  return key;
}

void* run(void* argument) {
  Thread& thread = *static_cast<Thread*>(argument);
  self = static_cast<int>(&thread - threads);
  wait_for_turn(thread);
  ::pthread_setspecific(key_of_end(), &thread);
  return thread.start(thread.argument);
}

}  // namespace

void enter(Board& shared) {
  board = &shared;
  if (board->search.drawn == 0) ++board->schedules;
  for (int i = 0; i < thread_count; ++i) {
    threads[i] = Thread{};
  }
  thread_count = 1;
  steps = 0;
  looks = 0;
  unheard_count = 0;
  ahead = 0;
  job_count = -1;
  board->switches = 0;
  begins[CLOCK_REALTIME] = begins[CLOCK_MONOTONIC] = 0;
  over = false;
  self = 0;
  key_of_end();
  board->search.begin();
}

void leave() {
  board->left = threads_alive();
  if (board->left > 0) end_with(Verdict::outlives);
  self = -1;
}

bool takes_turns() {
  return self >= 0 && !is_over();
}

bool is_over() {
  return __atomic_load_n(&over, __ATOMIC_ACQUIRE);
}

void point(Wait next) {
  threads[self].next = next;
  wait_for(Wait::nothing, nullptr);
  threads[self].next = Wait::nothing;
}

void yield() {
  count_step();
  ++threads[self].in_a_row;
  go_on_with(next_in_turn());
}

bool wait_for(Wait what, const void* object, long long nanoseconds) {
  Thread& thread = threads[self];
  count_step();
  thread.wait = what;
  thread.object = object;
  thread.until = nanoseconds == no_limit ? no_limit : ahead + (nanoseconds > 0 ? nanoseconds : 0);
  thread.woken = false;
  thread.time_is_over = false;
  thread.woken_by_nobody = false;
  thread.since = steps;
  if (board->is_guided) look_at_calls(board->stands[self] = {});
  const bool goes_on = can_go_on(self);
  const int number = what == Wait::end ? static_cast<int>(static_cast<const Thread*>(object) - threads) : 0;
  if (!goes_on) record(Did::waits, number, what);
  const bool goes_round = goes_on && ++thread.in_a_row > most_in_a_row;
  go_on_with(goes_round ? next_in_turn() : next_thread(goes_on));
  if (!goes_on && !is_over()) {
    const Did how = thread.woken_by_nobody ? Did::wakes_by_itself : thread.time_is_over ? Did::runs_out : Did::goes_on;
    record(how, number, what);
  }
  thread.wait = Wait::nothing;
  thread.until = no_limit;
  return !thread.time_is_over;
}

long long time_of(clockid_t clock, long long now) {
  if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC) return now;
  long long& begin = begins[clock];
  if (begin == 0) begin = now;
  constexpr long long a_look = 1000;
  return begin + (ahead += a_look);
}

bool holds(const void* object) {
  return holds_itself(threads[self], object);
}

bool try_fails() {
  constexpr unsigned char costs[] = {0, 1};
  const int picked = board->search.pick(costs, 2, nullptr, 0);
  board->switches += costs[picked];
  return picked == 1;
}

void hold(const void* object, bool shared) {
  Thread& thread = threads[self];
  thread.locked_at = steps;
  record(Did::locks, 0, Wait::nothing, object);
  if (thread.lock_count < most_locks) thread.locks[thread.lock_count++] = {object, shared};
}

void release(const void* object) {
  Thread& thread = threads[self];
  for (int i = thread.lock_count - 1; i >= 0; --i) {
    if (thread.locks[i].object != object) continue;
    record(Did::unlocks, 0, Wait::nothing, object);
    thread.locks[i] = thread.locks[--thread.lock_count];
    return;
  }
}

void wake(Wait what, const void* object, int most) {
  int heard = 0;
  for (; most > 0; --most) {
    Thread* first = nullptr;
    for (int i = 0; i < thread_count; ++i) {
      Thread& each = threads[i];
      if (each.ended || each.woken || each.wait != what || each.object != object) continue;
      if (first == nullptr || each.since < first->since) first = &each;
    }
    if (first == nullptr) break;
    first->woken = true;
    ++heard;
  }
  record(what == Wait::condition ? Did::notifies : Did::wakes, heard);
  if (heard == 0 && what == Wait::condition) unheard[unheard_count++ % most_unheard] = {object, steps};
}

void hand_in_job(const void* job) {
  if (!takes_turns()) return;
  job_count = job_count < 0 ? 0 : job_count;
  if (job_count < static_cast<int>(sizeof jobs / sizeof jobs[0])) jobs[job_count++] = job;
}

void begin_job(const void* job) {
  for (int i = 0; takes_turns() && i < job_count; ++i) {
    if (jobs[i] != job) continue;
    jobs[i] = jobs[--job_count];
    return;  // another time it is the same job again
  }
}

int start_thread(decltype(pthread_create)* next, pthread_t* handle, const pthread_attr_t* attributes,
                 void* (*start)(void*), void* argument) {
  if (thread_count == most_threads) return next(handle, attributes, start, argument);
  Thread& thread = threads[thread_count];
  thread.start = start;
  thread.argument = argument;
  pthread_attr_t small_stack;
  ::pthread_attr_init(&small_stack);
  ::pthread_attr_setstacksize(&small_stack, stack_size);
  const int result = next(handle, attributes == nullptr ? &small_stack : attributes, run, &thread);
  ::pthread_attr_destroy(&small_stack);
  if (result != 0) return result;
  thread.handle = *handle;
  record(Did::starts, thread_count++);
  point();
  return 0;
}

void join(pthread_t handle) {
  for (int i = thread_count - 1; i > 0; --i) {  // the latest first: the system uses a handle again
    if (threads[i].joined || threads[i].handle != handle) continue;
    wait_for(Wait::end, &threads[i]);
    threads[i].joined = true;
    return;
  }
}

int threads_left() {
  int left = 0;
  for (int i = 1; i < thread_count; ++i) left += threads[i].joined ? 0 : 1;
  return left;
}

int threads_alive() {
  int alive = 0;
  for (int i = 1; i < thread_count; ++i) alive += threads[i].ended ? 0 : 1;
  return alive;
}

}  // namespace support::schedule
