#include "threads/every_schedule.hpp"

#include "expect/expect.hpp"
#include "report/report.hpp"
#include "schedule/story.hpp"
#include "schedule/system_call.hpp"
#include "schedule/turns.hpp"
#include "server/watchdog.hpp"
#include "system/process_facts.hpp"
#include "threads/idle.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <new>
#include <string>

// Of the sanitizers, if they are there; the first ends the program when memory is lost.
// NOLINTNEXTLINE(bugprone-reserved-identifier, readability-identifier-naming)
extern "C" __attribute__((weak)) void __lsan_do_leak_check();
// NOLINTNEXTLINE(bugprone-reserved-identifier, readability-identifier-naming)
extern "C" __attribute__((weak)) std::size_t __sanitizer_get_current_allocated_bytes();

namespace support {
namespace {

using schedule::Board;
using schedule::Verdict;

Board* board = nullptr;  // in the child in which the schedules run

int asked_switches() {
  const char* const asked = std::getenv("SERVERLINGS_SWITCHES");
  return asked == nullptr ? 1 : std::atoi(asked);
}

[[noreturn]] void end_child(Verdict verdict, Place place, const std::string& text) {
  board->verdict = verdict;
  board->file = place.file;
  board->line = place.line;
  std::strncpy(board->text, text.c_str(), sizeof board->text - 1);
  schedule::system_call(SYS_exit_group, 0);  // not _exit, at which ThreadSanitizer reports threads that are left
  __builtin_unreachable();
}

// Threads that take turns lose time when the processor changes at each.
void stay_on_one_processor() {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(static_cast<unsigned>(std::max(::sched_getcpu(), 0)), &one);
  ::sched_setaffinity(0, sizeof one, &one);
}

// What a sanitizer says of the schedule that is run once more, it has said before.
void be_quiet() {
  const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (nowhere >= 0) ::dup2(nowhere, STDERR_FILENO);
}

// A pool that goes round many times before it sleeps has more schedules than a learner waits for: then no more are
// tried after so many steps of a test, and after fewer once the tests before have taken as many as the program may.
constexpr long most_steps_of_test = 60'000;
constexpr long most_steps_of_program = 300'000;
constexpr long fewest_steps = 4'000;

// Begins the next schedule: with as many switches; when all of these have been tried, with one more. Where there are
// too many, or the bound is not a learner's, some are drawn then.
bool has_next(Board& board) {
  schedule::Search& search = board.search;
  const bool is_learners = asked_switches() <= 1;
  const bool takes_long = is_learners && board.steps > board.most_steps;
  if (search.next() && (search.drawn > 0 || !takes_long)) return true;
  if (search.drawn > 0) return false;
  if (!takes_long && search.bound++ < board.most_switches) return true;
  if (board.draws && (takes_long || !is_learners)) search.begin_random(takes_long ? 10 : 200);
  return search.drawn > 0;
}

// Looking for leaks takes longer than many schedules, so it is done only if memory has grown since the first one, which
// makes what the C library keeps of a thread for the next.
class LeakCheck {
 public:
  void after_schedule() {
    if (__lsan_do_leak_check == nullptr) return;
    const std::size_t now = __sanitizer_get_current_allocated_bytes();
    if (++schedules_ == 1) after_first_ = now;
    has_grown_ = now > after_first_;
  }
  void at_end() const {
    if (schedules_ == 1 || has_grown_) __lsan_do_leak_check();
  }

 private:
  long schedules_ = 0;
  std::size_t after_first_ = 0;
  bool has_grown_ = false;
};

[[noreturn]] void run_all(void (*call)(void*), void* function, Place place) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);  // so that gdb may look at a deadlock
  report::failure_goes_to = [](Place at, const std::string& text) { end_child(Verdict::failed, at, text); };
  stay_on_one_processor();
  if (board->once) be_quiet();
  LeakCheck leaks;
  do {
    schedule::enter(*board);
    try {
      call(function);
    } catch (const std::exception& error) {
      end_child(Verdict::failed, place, std::string{"an exception left the test\nactual:   "} + error.what());
    }
    schedule::leave();
    leaks.after_schedule();
    if (board->search.diverged && !board->one_each) end_child(Verdict::diverges, place, "");
    if (board->once || !has_next(*board)) break;
    if (board->one_each) board->verdict = Verdict::goes_on;
  } while (!board->one_each);
  leaks.at_end();
  ::_exit(0);
}

std::string first_words(schedule::Wait wait) {
  const std::string others = ", and other threads go on and on";
  switch (wait) {
    case schedule::Wait::nothing:
      return "its threads go on and on";
    case schedule::Wait::lock:
    case schedule::Wait::share:
      return "main waits for a mutex" + others;
    case schedule::Wait::condition:
      return "main waits for a notification" + others;
    case schedule::Wait::futex:
      return "main waits for a latch, future or semaphore" + others;
    case schedule::Wait::end:
      return "main waits in join for a thread to end" + others;
    case schedule::Wait::time:
      return "main sleeps for a time" + others;
    case schedule::Wait::others:
      return "main waits until all others sleep" + others;
  }
  return "";
}

void fail_by(const Board& board, Place place) {
  switch (board.verdict) {
    case Verdict::none:
    case Verdict::deadlock:
    case Verdict::asks:
    case Verdict::diverges:
    case Verdict::goes_on:
      return;
    case Verdict::failed:
      fail({board.file, board.line}, board.text);
    case Verdict::endless:
      fail_expectation(place, "the test comes to its end", "it does", first_words(board.first_waits));
    case Verdict::works:
      fail_expectation({board.file, board.line}, "the workers wait for somebody else", "they sleep",
                       "they work, and come to no end");
    case Verdict::dozes:
      fail_expectation({board.file, board.line}, "the workers wait for somebody else",
                       "they sleep until they are woken", "they sleep for a time, and look again");
    case Verdict::outlives:
      fail_expectation(place, "threads that run on when the test is over", "0", std::to_string(board.left));
  }
}

// Ends this program in the way in which its child has ended.
void end_as(int status) {
  if (WIFSIGNALED(status)) {
    ::signal(WTERMSIG(status), SIG_DFL);
    ::raise(WTERMSIG(status));
  }
  if (WEXITSTATUS(status) != 0) ::_exit(WEXITSTATUS(status));
}

enum class Ending { came, deadlock, stuck };

// Waits until the child has ended, or is at a deadlock. It is stuck when it asks the schedule nothing any more: it
// waits by a call that no schedule knows, or goes round and calls nothing.
Ending wait_for_child(pid_t child, const Board& shared, int alarm) {
  constexpr int look_every = 100;        // milliseconds
  constexpr int most_rest = 20;          // looks
  constexpr long long most_work = 3000;  // milliseconds of processor time: a sanitizer's report takes some, too
  long steps = -1;
  int rested = 0;
  long long worked_before = 0;
  for (;;) {
    pollfd alarms{alarm, POLLIN, 0};
    if (::poll(&alarms, 1, look_every) > 0) {
      char byte = 0;
      return ::read(alarm, &byte, 1) == 1 ? Ending::deadlock : Ending::came;
    }
    const long now = __atomic_load_n(&shared.steps, __ATOMIC_RELAXED);
    const long long worked = cpu_milliseconds(child);
    if (now != steps) {
      steps = now;
      rested = 0;
      worked_before = worked;
    } else {
      rested = is_at_rest(child) ? rested + 1 : 0;
    }
    if (rested >= most_rest || worked - worked_before >= most_work) return Ending::stuck;
  }
}

bool turns_are_possible = true;  // as far as this program has seen
long steps_so_far = 0;           // of all its tests

// The schedule begins with the choices in SERVERLINGS_CHOICES, "0,2,1". With SERVERLINGS_SEARCH, all that begin so are
// tried; without it, that one is run until there is another choice.
void be_guided(Board& board) {
  if (const char* const seed = std::getenv("SERVERLINGS_SEED")) board.search.seed = std::strtoul(seed, nullptr, 10);
  const char* const given = std::getenv("SERVERLINGS_CHOICES");
  if (given == nullptr) return;
  board.draws = false;
  board.most_switches = asked_switches();
  schedule::Search& search = board.search;
  char* end = nullptr;
  for (const char* at = given; *at != '\0' && search.fixed < schedule::most_choices; at = *end == ',' ? end + 1 : end) {
    const long taken = std::strtol(at, &end, 10);
    if (end == at) break;
    search.choices[search.fixed++] = {static_cast<unsigned char>(taken), 0};
  }
  search.length = search.fixed;
  board.is_guided = std::getenv("SERVERLINGS_SEARCH") == nullptr;
  if (!board.is_guided) return;
  board.once = true;
  board.records = true;
  search.bound = schedule::most_choices;
}

void print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

// In memory that this program and its children share.
Board& shared_board(Place place) {
  void* const memory = ::mmap(nullptr, sizeof(Board), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) fail(place, "no memory is left");
  return *new (memory) Board;
}

// The schedules of one test, in children of this program.
class Runs {
 public:
  struct Result {
    Ending ending;
    int status;   // of the child, if it has ended
    pid_t child;  // if it has not: at a deadlock
    bool fails() const { return ending != Ending::came || status != 0; }
  };

  Runs(void (*call)(void*), void* function, int at_least, Place place)
      : call_{call}, function_{function}, place_{place}, board_{shared_board(place)} {
    board_.most_switches = std::max(asked_switches(), at_least);
    board_.most_steps = steps_so_far < most_steps_of_program ? most_steps_of_test : fewest_steps;
    be_guided(board_);
  }
  ~Runs() {
    steps_so_far += board_.steps;
    ::munmap(&board_, sizeof(Board));
  }
  Runs(const Runs&) = delete;
  Runs& operator=(const Runs&) = delete;

  const Board& seen() const { return board_; }

  bool fails(const Result& result) const {
    return result.fails() || (board_.verdict != Verdict::none && board_.verdict != Verdict::asks);
  }

  // All of them, until one fails. What is left of one run, as in a static variable, may make the next one another: then
  // each is in a child of its own.
  Result all() {
    Result result = some();
    if (board_.is_guided || !(fails(result) || board_.verdict == Verdict::diverges)) return result;
    if (board_.verdict != Verdict::diverges) {
      const Result again = last();
      if (fails(again) || result.ending == Ending::stuck) {
        end(result);
        return again;
      }
    }
    end(result);
    board_.search = {};
    be_guided(board_);
    board_.once = false;
    board_.records = false;
    board_.one_each = true;
    result = some();
    if (!fails(result)) return result;
    end(result);
    return last();
  }

 private:
  // As many as come to their end in one child; in one child after the other, if they have one each.
  Result some() {
    Result result{};
    do {
      result = child();
    } while (!result.fails() && board_.verdict == Verdict::goes_on);
    return result;
  }

  // The one that has failed, in a new child.
  Result last() {
    board_.once = true;
    board_.records = std::getenv("SERVERLINGS_STORY") != nullptr;
    return child();
  }

  Result child() {
    int alarm[2];
    if (::pipe2(alarm, O_CLOEXEC) != 0) fail(place_, "no descriptor is left");
    board_.verdict = Verdict::none;
    board_.wake_up_is_lost = false;
    board_.alarm = alarm[1];
    const pid_t child = ::fork();
    if (child < 0) fail(place_, "the system starts no process");
    if (child == 0) {
      board = &board_;
      run_all(call_, function_, place_);
    }
    ::close(alarm[1]);
    Result result{wait_for_child(child, board_, alarm[0]), 0, child};
    ::close(alarm[0]);
    if (result.ending != Ending::deadlock) end(result);
    return result;
  }

  static void end(Result& result) {
    if (result.child == 0) return;
    if (result.ending != Ending::came) ::kill(result.child, SIGKILL);
    ::waitpid(result.child, &result.status, 0);
    result.child = 0;
  }

  void (*call_)(void*);
  void* function_;
  Place place_;
  Board& board_;
};

}  // namespace

long run_under_every_schedule(void (*call)(void*), void* function, int at_least, Place place) {
  // One run would pass, and prove nothing.
  if (&schedule::calls_are_interposed == nullptr)
    fail(place, "a source of this program includes threads/interposed.hpp");
  if (!turns_are_possible) {
    call(function);
    return 0;
  }
  Runs runs{call, function, at_least, place};
  const Runs::Result result = runs.all();
  const Board& seen = runs.seen();
  if (result.ending == Ending::stuck) {
    turns_are_possible = false;
    call(function);
    return 0;
  }
  if (runs.fails(result)) print("# a schedule fails\n");
  if (runs.fails(result) && seen.search.drawn > 0) {
    print("# it was drawn: number " + std::to_string(seen.search.drawn) +
          " with SERVERLINGS_SEED=" + std::to_string(seen.search.seed) + "\n");
  }
  if (seen.records) print(schedule::story_of(seen));
  if (seen.is_guided) print(schedule::choices_of(seen));
  if (result.ending == Ending::deadlock) {
    watchdog::test_hangs(result.child, seen.wake_up_is_lost ? "rule: lost-wake-up" : "");
  }
  end_as(result.status);
  fail_by(seen, place);
  return seen.schedules;
}

void until_others_sleep(Place place) {
  if (board == nullptr) {
    return expect("what the other threads do", what_others_do(), place).is("sleep until they are woken");
  }
  board->file = place.file;
  board->line = place.line;
  schedule::wait_for(schedule::Wait::others, nullptr);
}

}  // namespace support
