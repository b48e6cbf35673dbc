#include <doctest/doctest.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdlib>
#include <future>

#include "check/check.hpp"
#include "check/hang.hpp"
#include "fixtures.hpp"
#include "reading/thread_places.hpp"
#include "system/process.hpp"
#include "text/text.hpp"

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

struct Hang {
  std::string flaw;
  std::vector<std::string> parts;  // in this order
};

const std::vector<Hang> hangs = {
    {"notify",
     {"main thread: waits for a latch, future or semaphore, main.cpp:", " in job_that_is_awaited\n",
      "4 threads: wait for a notification, thread_pool.hpp:", " in next_job\n",
      "The queue holds 1 job, and nobody told"}},
    {"stop",
     {"main thread: waits in join for a thread to end, thread_pool.hpp:", " in ~ThreadPool\n",
      "4 threads: wait for a notification", "Nobody wakes the workers that main waits for"}},
    {"flag", {"4 threads: wait for a notification", "Nobody wakes the workers that main waits for"}},
    {"lock",
     // Where the other worker stands is chance: not notified yet, or notified and in need of the mutex.
     {"main thread: waits ", "1 thread: waits for a latch, future or semaphore, main.cpp:",
      " in a lambda in two_jobs_that_meet\n", "The lock is held while the job runs"}},
    {"twice",
     {"main thread: waits for a mutex that it holds itself, main.cpp:", " in execute_twice\n", "locked already"}},
    {"crosswise",
     {"main thread: waits in join", "1 thread: waits for a mutex that another thread holds",
      " in a lambda in lock_crosswise\n", "1 thread: waits for a mutex that another thread holds",
      "wait for each other's mutex"}},
    {"client",
     {"main thread: waits in recv for bytes, main.cpp:", " in handle_connection\n", "One thread serves one client"}},
    {"clients", {"2 threads: wait in recv for bytes, main.cpp:", "each of them waits for a client"}},
    {"few", {"2 threads: wait for a latch", "too few threads"}},
    {"spins", {"main thread: is running, main.cpp:", " in main\n", "is in a loop"}},
};

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

TEST_CASE("a program that hangs tells where its threads stand, and what that means") {
  if (find_program("gdb").empty()) return;
  for (const std::string sanitizer : {"address", "thread"}) {
    std::vector<std::future<std::string>> all;  // side by side: they only wait
    all.reserve(hangs.size());
    for (const auto& each : hangs) all.push_back(std::async(std::launch::async, hang, sanitizer, each.flaw));
    for (std::size_t i = 0; i < hangs.size(); ++i) {
      const auto shown = all[i].get();
      CAPTURE(sanitizer);
      CAPTURE(hangs[i].flaw);
      CAPTURE(shown);
      std::size_t at = 0;
      for (const auto& part : hangs[i].parts) {
        CAPTURE(part);
        const auto found = shown.find(part, at);
        CHECK(found != std::string::npos);
        at = found == std::string::npos ? at : found;
      }
    }
  }
}

TEST_CASE("tests may take longer where more programs share a processor") {
  using std::chrono::seconds;
  CHECK(time_limit(0, 2) == seconds(10));
  CHECK(time_limit(2, 2) == seconds(10));
  CHECK(time_limit(5, 2) == seconds(25));
  CHECK(time_limit(500, 2) == seconds(60));
  CHECK(time_limit(1, 0) == seconds(10));  // a machine that does not say
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

TEST_CASE("what a picture means") {
  const auto meaning = [](std::vector<ThreadPlace> threads, std::optional<int> queued = {}) {
    return meaning_of({std::move(threads), queued});
  };
  auto waits = place(2, false, Wait::mutex);
  waits.holder = 3;
  CHECK(meaning({place(1, true, Wait::join), waits, place(3, false, Wait::receive)}).find("21") == std::string::npos);
  CHECK(
      meaning({place(1, true, Wait::join), waits, place(3, false, Wait::receive)}).starts_with("The mutex is held by"));
  waits.holder = 1;
  CHECK(meaning({place(1, true, Wait::join), waits}).find("release it before join") != std::string::npos);
  CHECK(
      meaning({place(1, true, Wait::accept), place(2, false, Wait::receive)}).starts_with("Every worker is occupied"));
  auto serves = place(2, false, Wait::receive);
  serves.file = "steps/10/handle_connection.hpp";  // on a thread of its own: nobody waits for a worker
  CHECK(meaning({place(1, true, Wait::accept), serves}).starts_with("The server waits for its clients"));
  CHECK(lines_of({{place(1, true, Wait::system)}, {}})[0].starts_with("main thread: waits in a call of the system, "));
  CHECK(meaning({place(1, true, Wait::join), place(2, false, Wait::receive)}).find("waits in join") !=
        std::string::npos);
  CHECK(
      meaning({place(1, true, Wait::meeting), place(2, false, Wait::condition)}, 0).starts_with("The queue is empty"));
  CHECK(meaning({place(1, true, Wait::accept), place(2, false, Wait::condition)}, 0).empty());
  CHECK(meaning({}).empty());
}

TEST_CASE("whatever gdb says, reading it comes to an end") {
  for (const std::string text :
       {"", "#", "#0", "#0 0x1", "Thread ", "Thread 1 (LWP ", "Thread 1 (LWP 2)\n#0  0x1 in \n#1",
        "Thread 1 (LWP 2)\n#0  f (... at steps/x.cpp:", "@queue x\n@queue -1"}) {
    CHECK(lines_of(read_backtraces(text)).size() <= 1);
  }
}
