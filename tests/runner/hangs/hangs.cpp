// A program that hangs in the way that its argument names, so that what is said about it can be tested.
#include "thread_pool.hpp"

#include <sys/prctl.h>
#include <sys/socket.h>

#include <barrier>
#include <cstdio>
#include <future>
#include <latch>

namespace {

#line 20 "steps/21_unlock_first/main.cpp"
int silent_client() {
  int both[2];
  return socketpair(AF_UNIX, SOCK_STREAM, 0, both) == 0 ? both[0] : -1;
}

void handle_connection(int client) {
  char part[16];
  recv(client, part, sizeof part, 0);
}

void serve(int listener) {
  handle_connection(listener);
}

void two_jobs_that_meet() {
  std::latch together{2};
  ThreadPool pool{2};
  for (int i = 0; i < 2; ++i) pool.execute([&together] { together.arrive_and_wait(); });
}

void job_that_is_awaited() {
  std::promise<void> done;
  ThreadPool pool{4};
  pool.wait_until_idle();
  pool.execute([&done] { done.set_value(); });
  done.get_future().wait();
}

void execute_twice(std::mutex& mutex) {
  const std::lock_guard again{mutex};
}

void lock_twice() {
  std::mutex mutex;
  const std::lock_guard lock{mutex};
  execute_twice(mutex);
}

void lock_crosswise() {
  std::mutex one;
  std::mutex other;
  std::barrier both{2};
  std::thread first{[&] {
    const std::lock_guard lock{one};
    both.arrive_and_wait();
    const std::lock_guard second_lock{other};
  }};
  std::thread second{[&] {
    const std::lock_guard lock{other};
    both.arrive_and_wait();
    const std::lock_guard second_lock{one};
  }};
  first.join();
  second.join();
}

void silent_clients() {
  ThreadPool pool{2};
  for (int i = 0; i < 3; ++i) pool.execute([] { handle_connection(silent_client()); });
}

void too_few_workers() {
  std::latch together{3};
  ThreadPool pool{2};
  for (int i = 0; i < 3; ++i) pool.execute([&together] { together.arrive_and_wait(); });
}

}  // namespace

int main(int argc, char** argv) {
  prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
  std::puts("hangs");
  std::fflush(stdout);
  flaw = argc > 1 ? argv[1] : "";
  if (flaw == "notify") job_that_is_awaited();
  if (flaw == "lock") two_jobs_that_meet();
  if (flaw == "twice") lock_twice();
  if (flaw == "crosswise") lock_crosswise();
  if (flaw == "client") serve(silent_client());
  if (flaw == "clients") silent_clients();
  if (flaw == "few") too_few_workers();
  if (flaw == "stop" || flaw == "flag") ThreadPool{4}.wait_until_idle();
  for (volatile bool spins = flaw == "spins"; spins;) {
  }
}
