#include "server/watchdog.hpp"

#include "expect/waiting.hpp"
#include "report/threads.hpp"
#include "system/process_facts.hpp"

#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstring>
#include <new>
#include <string_view>

namespace support::watchdog {
namespace {

constexpr int look_every = 100;  // milliseconds between two looks

// What the watchdog knows of the test under way; in memory that both processes share.
struct Board {
  std::atomic<int> number{0};  // of the test; 0: none. Written last, so that the rest is there.
  char name[512]{};
  char place[256]{};
  char failed[256]{};
};

Board* board = nullptr;
pid_t watcher = 0;

template <std::size_t size>
void write(char (&field)[size], std::string_view text) {
  const std::size_t count = std::min(text.size(), size - 1);
  std::memcpy(field, text.data(), count);
  field[count] = '\0';
}

// A failed test, as the reporter writes it.
std::string told(pid_t watched, const std::string& rule) {
  constexpr std::string_view hangs = "hangs: every thread waits, and nothing happens any more";
  std::string text = "not ok " + std::to_string(board->number) + " - " + board->name + " # HANGS\n  ";
  if (board->failed[0] == '\0') {
    text += std::string{board->place} + ": " + std::string{hangs} + "\n";
  } else {
    text += std::string{board->failed} + "\n  then it " + std::string{hangs} + "\n";
  }
  for (const std::string& line : where_threads_stand(watched)) {
    if (rule.empty() || !line.starts_with("rule: ")) text += "  " + line + "\n";
  }
  return rule.empty() ? text : text + "  " + rule + "\n";
}

// Tells that the test hangs, by where the threads of `process` stand, and ends `watched`, which runs the tests.
[[noreturn]] void end_as_hanging(pid_t watched, pid_t process, const std::string& rule) {
  const std::string text = told(process, rule);
  const bool written = ::write(STDOUT_FILENO, text.data(), text.size()) >= 0;
  ::kill(process, SIGKILL);
  ::kill(watched, SIGKILL);
  ::_exit(written ? 0 : 1);
}

[[noreturn]] void watch(pid_t watched) {
  ::prctl(PR_SET_NAME, "watchdog");  // by this name the runner knows it
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::signal(SIGPIPE, SIG_IGN);
  if (::getppid() != watched) ::_exit(0);
  std::string before;
  int rested = 0;
  for (;;) {
    ::poll(nullptr, 0, look_every);
    std::string now;
    if (board->number == 0 || !note_rest(watched, now) || now != before) {
      before = now;
      rested = 0;
      continue;
    }
    rested += look_every;
    if (rested < rest_guard) continue;
    end_as_hanging(watched, watched, "");
  }
}

}  // namespace

void start() {
  void* const memory = ::mmap(nullptr, sizeof(Board), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return;
  board = new (memory) Board;
  const pid_t self = ::getpid();
  watcher = ::fork();
  if (watcher == 0) watch(self);
}

void stop() {
  if (watcher <= 0) return;
  ::kill(watcher, SIGKILL);
  ::waitpid(watcher, nullptr, 0);
}

void test_begins(int number, const std::string& name, const std::string& place) {
  if (board == nullptr) return;
  write(board->name, name);
  write(board->place, place);
  write(board->failed, "");
  board->number = number;
}

void test_failed(const std::string& headline) {
  if (board != nullptr) write(board->failed, headline);
}

void test_hangs(pid_t process, const std::string& rule) {
  for (int looks = 0; looks < 100 && !is_at_rest(process); ++looks) ::poll(nullptr, 0, 10);
  end_as_hanging(::getpid(), process, rule);
}

void test_ends() {
  if (board != nullptr) board->number = 0;
}

}  // namespace support::watchdog
