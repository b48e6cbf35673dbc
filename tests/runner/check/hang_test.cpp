#include <doctest/doctest.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdlib>
#include <future>

#include "check/check.hpp"
#include "check/hang.hpp"
#include "check/time_limit.hpp"
#include "fixtures.hpp"
#include "reading/thread_words.hpp"
#include "system/files.hpp"
#include "system/process.hpp"
#include "text/text.hpp"
#include "verify/scratch.hpp"

using namespace runner;

namespace {

// What a learner reads when the program hangs in the way that `flaw` names.
std::string hang(const std::string& sanitizer, const std::string& flaw) {
  Command program;
  program.words = {std::string(PROGRAMS) + "/hangs." + sanitizer, flaw};
  program.time_limit = std::chrono::milliseconds(1500);  // it hangs after some milliseconds
  program.on_overrun = [](pid_t session) { return where_session_stands(session); };
  return run(program).hang;
}

ThreadPlace place(pid_t id, bool main, Wait wait) {
  ThreadPlace thread;
  thread.id = id;
  thread.main = main;
  thread.wait = wait;
  thread.file = "steps/21/thread_pool.hpp";
  thread.line = static_cast<int>(wait);
  thread.function = "work";
  return thread;
}

}  // namespace

TEST_CASE("a program that hangs tells where its threads stand, and what that means, as it is kept for its row") {
  if (find_program("gdb").empty()) return;
  std::vector<std::pair<std::string, std::future<std::string>>> some;  // side by side: they wait most of the time
  const auto finish = [&] {
    for (auto& [kept, shown] : some) CHECK(shown.get() == kept);
    some.clear();
  };
  std::string sanitizer = "thread";  // by turns: each way to wait is in several of them
  for (const auto& file : files_below(SCREENS, "hangs")) {
    const auto screen = read_file(SCREENS / file);
    if (contains(screen, "\n1..")) continue;  // what a schedule found
    sanitizer = sanitizer == "thread" ? "address" : "thread";
    some.emplace_back(screen.substr(screen.find("\n\n") + 2),
                      std::async(std::launch::async, hang, sanitizer, file.stem().string()));
    if (some.size() == 10) finish();
  }
  finish();
}

TEST_CASE("tests may take longer where more programs share a processor") {
  using std::chrono::seconds;
  CHECK(time_limit(0, 2) == seconds(20));
  CHECK(time_limit(2, 2) == seconds(20));
  CHECK(time_limit(5, 2) == seconds(50));
  CHECK(time_limit(500, 2) == seconds(120));
  CHECK(time_limit(1, 0) == seconds(20));  // a machine that does not say
}

TEST_CASE("without gdb a hang says so, and costs no time") {
  const std::string path = std::getenv("PATH");
  setenv("PATH", "/nowhere", 1);
  CHECK(where_threads_stand(getpid()) == "(with gdb installed, this would say where each thread stands)\n");
  setenv("PATH", path.c_str(), 1);
}

TEST_CASE("a process that nobody may look at, or that is gone, gives no lines") {
  if (find_program("gdb").empty()) return;
  CHECK(where_threads_stand(999999999).empty());
}

TEST_CASE("backtraces of both compilers are read alike") {
  for (const std::string compiler : {"gcc12", "clang14"}) {
    CAPTURE(compiler);
    const auto picture = read_backtraces(fixture(compiler + "/hang_lock"));
    REQUIRE(picture.threads.size() == 3);
    const auto lines = lines_of(picture);
    REQUIRE(lines.size() == 3);
    CHECK(lines[0] == "main thread: waits in join for a thread to end, thread_pool.hpp:24 in ~ThreadPool");
    CHECK(lines[1].starts_with("1 thread: waits for a latch, future or semaphore, main.cpp:"));
    CHECK(lines[1].ends_with(" in a lambda in two_jobs_that_meet"));
    CHECK(lines[2].starts_with("1 thread: waits for a "));  // notified, or waiting for the mutex
    REQUIRE(picture.queued);
    CHECK(*picture.queued == 1);
  }
}

TEST_CASE("threads at the same place are one line, whatever their order") {
  const auto worker = [](pid_t id) { return place(id, false, Wait::condition); };
  const ThreadPicture one{{place(1, true, Wait::join), worker(2), worker(3)}, {}};
  const ThreadPicture other{{worker(7), place(9, true, Wait::join), worker(8)}, {}};
  CHECK(lines_of(one) == lines_of(other));
  CHECK(lines_of(one).size() == 2);
}

TEST_CASE("a picture fits one rule, or none") {
  const auto rule = [](std::vector<ThreadPlace> threads, std::optional<int> queued = {}) {
    const auto found = rule_of({std::move(threads), queued});
    return found ? found->name + (found->facts.empty() ? "" : " " + found->facts[0]) : "none";
  };
  auto waits = place(2, false, Wait::mutex);
  waits.holder = 3;
  CHECK(rule({place(1, true, Wait::join), waits, place(3, false, Wait::receive)})
            .starts_with("holder-elsewhere thread_pool.hpp:"));
  waits.holder = 1;
  CHECK(rule({place(1, true, Wait::join), waits}) == "holder-joins");
  CHECK(rule({place(1, true, Wait::accept), place(2, false, Wait::receive)}) == "pool-of-silent-clients");
  auto serves = place(2, false, Wait::receive);
  serves.file = "steps/10/handle_connection.hpp";  // on a thread of its own: nobody waits for a worker
  CHECK(rule({place(1, true, Wait::accept), serves}) == "clients-are-silent");
  // Where main does not wait for a client, nothing is said of that.
  CHECK(rule({place(1, true, Wait::meeting), serves}) == "main-not-in-accept");
  CHECK(lines_of({{place(1, true, Wait::system)}, {}})[0].starts_with("main thread: waits in a system call, "));
  CHECK(rule({place(1, true, Wait::join), place(2, false, Wait::receive)}) == "join-before-accept");
  CHECK(rule({place(1, true, Wait::meeting), place(2, false, Wait::condition)}, 0) == "queue-empty");
  CHECK(rule({place(1, true, Wait::accept), place(2, false, Wait::condition)}, 0) == "none");
  const auto meets = place(2, false, Wait::meeting);
  const auto sleeps = place(3, false, Wait::condition);
  CHECK(rule({place(1, true, Wait::meeting), meets, sleeps}, 0) == "not-enough-arrive");
  CHECK(rule({place(1, true, Wait::join), meets}, 1) == "not-enough-arrive");
  CHECK(rule({place(1, true, Wait::join), meets, sleeps}, 1) == "none");  // a job is there, and somebody to run it
  CHECK(rule({}) == "none");
}

TEST_CASE("what one program tells of its threads another one reads") {
  const auto lines = split_lines(
      std::string_view("main thread: waits in join, a.hpp:3 in stop\n  2 threads: wait\nrule: mutex-held|a.hpp:3\n"));
  CHECK(thread_line(lines[0])->field == Field::hang);
  CHECK(thread_line(lines[1])->field == Field::hang);
  CHECK(thread_line(lines[2])->text == "mutex-held|a.hpp:3");
  CHECK_FALSE(thread_line("threads: none"));
  CHECK_FALSE(thread_line("expected: 2 threads"));
}

TEST_CASE("whatever gdb says, reading it comes to an end") {
  for (const std::string text :
       {"", "#", "#0", "#0 0x1", "Thread ", "Thread 1 (LWP ", "Thread 1 (LWP 2)\n#0  0x1 in \n#1",
        "Thread 1 (LWP 2)\n#0  f (... at steps/x.cpp:", "@queue x\n@queue -1"}) {
    CHECK(lines_of(read_backtraces(text)).size() <= 1);
  }
}
