// The other test cases are in tests/shared: meson.build names those of this stage.
#include "expect/expect.hpp"
#include "implement_task_pool.hpp"
#include "lock_free_deque.hpp"
#include "task_pool.hpp"

#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <latch>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

using support::expect;

namespace {

// Counts how often it is run.
class Counted final : public Task {
 public:
  int runs() const { return runs_.load(std::memory_order_relaxed); }

 private:
  void call() override { runs_.fetch_add(1, std::memory_order_relaxed); }

  std::atomic<int> runs_ = 0;
};

// Of tasks that one thread makes and pushes, and takes back, while others steal.
struct Counts {
  int twice = 0;
  int never = 0;
  long stolen = 0;
};

// Writes far apart: while the processor is busy with them, what the owner writes to its deque afterwards waits.
class SlowMemory {
 public:
  void write(std::size_t times) {
    for (std::size_t i = 0; i < times; ++i) {
      at_ = (at_ + 4160) % bytes_.size();
      bytes_[at_].store(1, std::memory_order_relaxed);
    }
  }

 private:
  std::vector<std::atomic<char>> bytes_ = std::vector<std::atomic<char>>(1 << 24);
  std::size_t at_ = 0;
};

Counts run_by_all(int thieves, SlowMemory& memory) {
  std::vector<std::optional<Counted>> tasks(12'000);
  const auto deque = std::make_unique<LockFreeDeque>();
  std::latch begun{thieves};
  std::atomic<bool> over = false;
  std::atomic<long> stolen = 0;
  const auto steal = [&] {
    begun.count_down();
    while (!over.load(std::memory_order_relaxed)) {
      if (Task* const task = deque->steal_oldest()) {
        task->run();
        stolen.fetch_add(1, std::memory_order_relaxed);
      }
    }
  };
  {
    std::vector<std::jthread> others;
    for (int i = 0; i < thieves; ++i) others.emplace_back(steal);
    begun.wait();
    for (std::size_t i = 0; i < tasks.size(); i += 2) {
      deque->push(tasks[i].emplace());
      deque->push(tasks[i + 1].emplace());
      memory.write(i % 40);
      while (Task* const task = deque->take_newest()) {
        task->run();
        memory.write(i % 40);
      }
    }
    over.store(true, std::memory_order_relaxed);
  }
  Counts counts{.stolen = stolen};
  for (const auto& each : tasks) {
    if (each->runs() == 0) ++counts.never;
    if (each->runs() > 1) ++counts.twice;
  }
  return counts;
}

// Until enough has been stolen: on a machine that is busy with other things, that takes longer.
void expect_once_each(int thieves) {
  using std::chrono::steady_clock;
  constexpr long enough = 50'000;
  const auto end = steady_clock::now() + std::chrono::seconds{1};
  SlowMemory memory;
  Counts sum;
  while (sum.stolen < enough && sum.twice + sum.never == 0 && steady_clock::now() < end) {
    const Counts more = run_by_all(thieves, memory);
    sum = {sum.twice + more.twice, sum.never + more.never, sum.stolen + more.stolen};
  }
  expect("whether two threads have run the same task", sum.twice > 0).is(false);
  expect("whether a task was lost", sum.never > 0).is(false);
}

// Forks on each level, and waits there until all levels below have ended.
void fork_deeply(TaskPool& pool, int levels, std::atomic<int>& runs) {
  if (levels == 0) return;
  pool.invoke([&] { fork_deeply(pool, levels - 1, runs); }, [&] { ++runs; });
}

}  // namespace

TEST_CASE("the owner and a thief never take the same task") {
  expect_once_each(1);
}

TEST_CASE("two thieves never take the same task") {
  expect_once_each(2);
}

TEST_CASE("the owner takes the newest task, and a thief the oldest") {
  LockFreeDeque deque;
  std::array<Counted, 3> tasks;
  for (Counted& each : tasks) deque.push(each);
  expect("whether the owner takes the third of three", deque.take_newest() == &tasks[2]).is(true);
  expect("whether a thief takes the first", deque.steal_oldest() == &tasks[0]).is(true);
  expect("whether the owner takes the second, which is left", deque.take_newest() == &tasks[1]).is(true);
  expect("whether the deque is empty then", deque.empty()).is(true);
}

TEST_CASE("an empty deque gives nothing away, and can be used again") {
  LockFreeDeque deque;
  std::array<Counted, 2> tasks;
  for (int i = 0; i < 3; ++i) {
    expect("whether the owner finds nothing", deque.take_newest() == nullptr).is(true);
    expect("whether a thief finds nothing", deque.steal_oldest() == nullptr).is(true);
    for (Counted& each : tasks) deque.push(each);
    expect("whether a thief finds the older task, of two", deque.steal_oldest() == &tasks[0]).is(true);
    expect("whether the owner finds the other one", deque.take_newest() == &tasks[1]).is(true);
  }
}

TEST_CASE("a full deque takes no task, and a theft makes room for one") {
  constexpr auto capacity = static_cast<std::size_t>(LockFreeDeque::capacity);
  const auto deque = std::make_unique<LockFreeDeque>();
  std::vector<Counted> tasks(capacity + 2);
  std::size_t pushed = 0;
  while (pushed < capacity && deque->push(tasks[pushed])) ++pushed;
  expect("tasks that the deque has taken", pushed).is(capacity);
  expect("whether it takes one more", deque->push(tasks[capacity])).is(false);
  expect("whether the oldest is still the first", deque->steal_oldest() == &tasks[0]).is(true);
  expect("whether there is room then", deque->push(tasks[capacity])).is(true);
  expect("whether there is room for another one", deque->push(tasks[capacity + 1])).is(false);
  expect("whether the newest is the one that came last", deque->take_newest() == &tasks[capacity]).is(true);
}

TEST_CASE("a computation that is deeper than a deque has room comes to its end") {
  constexpr int levels = LockFreeDeque::capacity + 100;
  std::atomic<int> runs = 0;
  std::latch by_a_worker{1};
  TaskPool pool{1};
  pool.invoke([&] { by_a_worker.wait(); },
              [&] {
                by_a_worker.count_down();
                fork_deeply(pool, levels, runs);
              });
  expect("functions that ran, one on each level", runs.load()).is(levels);
}
