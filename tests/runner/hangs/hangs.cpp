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

int next_client() {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  return listen(listener, 1) == 0 ? accept(listener, nullptr, nullptr) : -1;
}

void execute_beside_a_job() {
  std::latch begun{1};
  std::latch together{2};
  ThreadPool pool{1};
  pool.execute([&] {
    begun.count_down();
    together.arrive_and_wait();
  });
  begun.wait();
  pool.execute([&together] { together.count_down(); });
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

void join_with_the_lock() {
  std::mutex mutex;
  const std::lock_guard lock{mutex};
  std::thread other{[&] { const std::lock_guard second_lock{mutex}; }};
  other.join();
}

void receive_with_the_lock() {
  std::mutex mutex;
  const std::lock_guard lock{mutex};
  std::thread other{[&] { const std::lock_guard second_lock{mutex}; }};
  handle_connection(silent_client());
}

void wait_for_a_change() {
  std::mutex mutex;
  std::condition_variable changed;
  std::unique_lock lock{mutex};
  changed.wait(lock, [] { return false; });
}

void wait_beside_workers() {
  ThreadPool pool{4};
  wait_for_a_change();
}

void meet_nobody() {
  std::latch together{2};
  together.arrive_and_wait();
}

std::thread silent_client_on_a_thread() {
  return std::thread{[] { handle_connection(silent_client()); }};
}

void join_each() {
  silent_client_on_a_thread().join();
}

void accept_beside_a_thread() {
  std::thread client = silent_client_on_a_thread();
  next_client();
}

void accept_beside_a_pool() {
  ThreadPool pool{2};
  for (int i = 0; i < 2; ++i) pool.execute([] { handle_connection(silent_client()); });
  next_client();
}

void wait_beside_a_thread() {
  std::thread client = silent_client_on_a_thread();
  meet_nobody();
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
  if (flaw == "notify" || flaw == "drop") job_that_is_awaited();
  if (flaw == "lock") execute_beside_a_job();
  if (flaw == "twice") lock_twice();
  if (flaw == "crosswise") lock_crosswise();
  if (flaw == "join_with_lock") join_with_the_lock();
  if (flaw == "recv_with_lock") receive_with_the_lock();
  if (flaw == "no_change") wait_beside_workers();
  if (flaw == "change_alone") wait_for_a_change();
  if (flaw == "latch_alone") meet_nobody();
  if (flaw == "join_each") join_each();
  if (flaw == "accept_and_thread") accept_beside_a_thread();
  if (flaw == "accept_and_pool") accept_beside_a_pool();
  if (flaw == "latch_and_thread") wait_beside_a_thread();
  if (flaw == "client") serve(silent_client());
  if (flaw == "clients") silent_clients();
  if (flaw == "few") too_few_workers();
  if (flaw == "stop") ThreadPool{4}.wait_until_idle();
  for (volatile bool spins = flaw == "spins"; spins;) {
  }
}
