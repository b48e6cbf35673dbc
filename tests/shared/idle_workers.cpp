// Test cases: workers that have nothing to do sleep, and wake up whenever there is something to do.
#include "expect/expect.hpp"
#include "tested_pool.hpp"
#include "threads/idle.hpp"
#include "threads/thread_trouble.hpp"

#include <doctest/doctest.h>

#include <latch>
#include <list>
#include <string>

using tested::ThreadPool;

TEST_CASE("a worker that has nothing to do sleeps until it is woken") {
  const support::UnluckyMoments unlucky;
  const ThreadPool pool{4};
  support::expect("what four workers without a job do", support::what_others_do()).is("sleep until they are woken");
}

TEST_CASE("while the last job of a pool that ends runs, everybody else sleeps") {
  std::string others = "nothing: the job did not run";
  {
    ThreadPool pool{2};
    support::wait_until_others_sleep();
    pool.execute([&others] { others = support::what_others_do(); });
  }
  support::expect("what the caller and the other worker do", others).is("sleep until they are woken");
}

TEST_CASE("a pool that ends wakes those who sleep, whether jobs are left or not") {
  for (const int jobs : {0, 1, 0, 1, 0, 1, 1, 1, 1, 1}) {
    ThreadPool pool{8};
    support::wait_until_others_sleep();
    for (int i = 0; i < jobs; ++i) pool.execute([] {});
  }
}

TEST_CASE("a pool that ends wakes every worker, whatever each is about to do") {
  const support::UnluckyMoments unlucky;
  const ThreadPool pool{2};
  unlucky.wait_for_one();  // a worker has seen that there is nothing to do, and is about to sleep
}

TEST_CASE("a worker is woken when there is a job, and not before") {
  const support::UnluckyMoments unlucky;
  std::list<std::latch> all_done;  // they outlive the workers, which may still be in them when the wait is over
  ThreadPool pool{1};
  for (int i = 0; i < 3; ++i) {
    unlucky.wait_for_one();
    std::latch& done = all_done.emplace_back(1);
    pool.execute([&done] { done.count_down(); });
    done.wait();
  }
}

TEST_CASE("a worker that wakes up and finds no job waits for the next") {
  const support::SpuriousWakeUps wake_ups{2};
  const int before = support::threads_alive();
  std::latch both{2};
  ThreadPool pool{2};
  support::wait_until_others_sleep();
  support::expect("workers that wait", support::threads_alive() - before).is(2);
  for (int i = 0; i < 2; ++i) pool.execute([&] { both.arrive_and_wait(); });
}

TEST_CASE("each job that comes wakes a worker") {
  std::list<std::latch> rounds;
  ThreadPool pool{4};
  for (int i = 0; i < 20; ++i) {
    support::wait_until_others_sleep();
    std::latch& all_run = rounds.emplace_back(5);
    for (int j = 0; j < 4; ++j) pool.execute([&all_run] { all_run.arrive_and_wait(); });
    all_run.arrive_and_wait();
  }
}
