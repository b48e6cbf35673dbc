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
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <new>
#include <string>

// Of LeakSanitizer, if it is there: ends the program when memory is lost.
extern "C" __attribute__((weak)) void __lsan_do_leak_check();  // NOLINT(bugprone-reserved-identifier)

namespace support {
namespace {

using schedule::Board;
using schedule::Verdict;

Board* board = nullptr;  // in the child in which the schedules run

int most_switches() {
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

[[noreturn]] void run_all(void (*call)(void*), void* function, Place place) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);  // so that gdb may look at a deadlock
  report::failure_goes_to = [](Place at, const std::string& text) { end_child(Verdict::failed, at, text); };
  stay_on_one_processor();
  if (board->records) {  // the schedule that has failed, once more
    schedule::enter(*board);
    call(function);
    schedule::leave();
    ::_exit(0);
  }
  for (board->search.bound = 0; board->search.bound <= most_switches(); ++board->search.bound) {
    do {
      schedule::enter(*board);
      try {
        call(function);
      } catch (const std::exception& error) {
        end_child(Verdict::failed, place, std::string{"an exception left the test\nactual:   "} + error.what());
      }
      schedule::leave();
    } while (board->search.next());
  }
  if (__lsan_do_leak_check != nullptr) __lsan_do_leak_check();
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

}  // namespace

namespace {

enum class Ending { came, deadlock, stuck };

// Waits until the child has ended, or is at a deadlock. It is stuck when it asks the schedule nothing any more: it
// waits by a call that no schedule knows, or goes round and calls nothing.
Ending wait_for_child(pid_t child, const Board& shared, int alarm) {
  constexpr int look_every = 100;        // milliseconds
  constexpr int most_rest = 10;          // looks
  constexpr long long most_work = 1000;  // milliseconds of processor time
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

// Runs the schedules in a child of this program, or only the one that has failed, if that is to be recorded.
pid_t start_child(Board& shared, int (&alarm)[2], void (*call)(void*), void* function, Place place) {
  if (::pipe2(alarm, O_CLOEXEC) != 0) fail(place, "no descriptor is left");
  shared.alarm = alarm[1];
  const pid_t child = ::fork();
  if (child < 0) fail(place, "the system starts no process");
  if (child == 0) {
    board = &shared;
    run_all(call, function, place);
  }
  ::close(alarm[1]);
  return child;
}

// Prints what the threads did in the schedule that has failed, if that is wanted.
void tell_story(Board& shared, void (*call)(void*), void* function, Place place) {
  if (std::getenv("SERVERLINGS_STORY") == nullptr) return;
  shared.records = true;
  int alarm[2];
  const pid_t child = start_child(shared, alarm, call, function, place);
  const Ending ending = wait_for_child(child, shared, alarm[0]);
  ::close(alarm[0]);
  if (ending != Ending::came) ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  const std::string story = schedule::story_of(shared);
  std::fwrite(story.data(), 1, story.size(), stdout);
  std::fflush(stdout);
}

}  // namespace

long run_under_every_schedule(void (*call)(void*), void* function, Place place) {
  if (!turns_are_possible) {
    call(function);
    return 0;
  }
  void* const memory = ::mmap(nullptr, sizeof(Board), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) fail(place, "no memory is left");
  Board& shared = *new (memory) Board;
  int alarm[2];
  const pid_t child = start_child(shared, alarm, call, function, place);
  const Ending ending = wait_for_child(child, shared, alarm[0]);
  ::close(alarm[0]);
  if (ending == Ending::deadlock) {
    const std::string rule = shared.wake_up_is_lost ? "rule: lost-wake-up" : "";
    tell_story(shared, call, function, place);
    watchdog::test_hangs(child, rule);
  }
  if (ending == Ending::stuck) ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  const long schedules = shared.schedules;
  if (ending == Ending::stuck) {
    ::munmap(memory, sizeof(Board));
    turns_are_possible = false;
    call(function);
    return 0;
  }
  if (status != 0 || shared.verdict != Verdict::none) {
    const Verdict verdict = shared.verdict;
    tell_story(shared, call, function, place);
    shared.verdict = verdict;
  }
  end_as(status);
  fail_by(shared, place);
  ::munmap(memory, sizeof(Board));
  return schedules;
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
