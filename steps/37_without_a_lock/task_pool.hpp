// Stage 37, without a lock: docs/37_without_a_lock.md
#pragma once

#include <algorithm>
#include <atomic>
#include <concepts>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <thread>
#include <vector>

#include "lock_free_deque.hpp"
#include "task.hpp"
#include "task_deque.hpp"

// Threads that share the parts of computations: a thread that waits for one part runs others meanwhile. Each worker has
// a deque of its own, without a lock.
class TaskPool {
 public:
  // Starts `size` workers; with none, callers do all the work themselves. Throws std::system_error if one cannot be
  // started.
  explicit TaskPool(std::size_t size) : deques_(size) {
    try {
      while (workers_.size() < size) workers_.emplace_back([this, own = workers_.size()] { work(own); });
    } catch (...) {
      stop();
      throw;
    }
  }

  // No invoke may be going on any more.
  ~TaskPool() { stop(); }

  // Runs both functions, at the same time if there is a thread for it, and returns when both have ended. Any thread may
  // call it, even from within such a function. Throws what they throw, once both have ended: what `left` has thrown,
  // if both have.
  template <std::invocable F, std::invocable G>
  void invoke(F left, G right) {
    TaskOf<F> first{left};
    TaskOf<G> second{right};
    const bool forked = fork(second);
    first.run();
    if (forked) {
      join(second);
    } else {
      second.run();
    }
    first.rethrow();
    second.rethrow();
  }

 private:
  struct Thread {
    const TaskPool* pool;  // whose worker it is; null if it is no worker
    std::size_t own;       // its deque's index
  };

  bool is_worker() const { return thread_.pool == this; }

  // False if there is no room.
  bool fork(Task& task) {
    if (!is_worker()) {
      outside_.push(task);
    } else if (!deques_[thread_.own].push(task)) {
      return false;
    }
    wake_one();
    return true;
  }

  void join(Task& task) {
    if (take_back(task)) return task.run();
    help_until([&] { return task.done.load(); });
  }

  // A worker's newest task is the one that it has forked last, unless that has been stolen, with all before it.
  bool take_back(Task& task) {
    return is_worker() ? deques_[thread_.own].take_newest() == &task : outside_.take_back(task);
  }

  void work(std::size_t own) {
    thread_ = {this, own};
    help_until([this] { return stopping_.load(); });
  }

  // Whoever waits, works: on tasks of other threads, until the condition holds.
  template <std::predicate Condition>
  void help_until(Condition condition) {
    while (!condition()) {
      if (Task* const task = steal()) {
        run(*task);
      } else {
        sleep_until([&] { return condition() || has_tasks(); });
      }
    }
  }

  // The oldest task of some deque. Nothing if all of them are empty, or another thread has been faster.
  Task* steal() {
    for (std::size_t i = 1; i <= deques_.size(); ++i) {
      if (Task* const task = deques_[(thread_.own + i) % deques_.size()].steal_oldest()) return task;
    }
    return outside_.steal_oldest();
  }

  bool has_tasks() const {
    const auto has_one = [](const LockFreeDeque& each) { return !each.empty(); };
    return !outside_.empty() || std::any_of(deques_.begin(), deques_.end(), has_one);
  }

  void run(Task& task) {
    task.run();
    task.done = true;  // from here on it may be gone
    wake_all();
  }

  // The condition may change without the mutex: whoever changes it must wake this thread afterwards. The thread is
  // counted first, and looks then; the other one makes its change first, and then looks at the count. So one of the
  // two sees what the other has done.
  template <std::predicate Condition>
  void sleep_until(Condition condition) {
    std::unique_lock lock{mutex_};
    ++sleepers_;
    changed_.wait(lock, condition);
    --sleepers_;
  }

  void wake_one() {
    if (sleepers_ == 0) return;
    { const std::lock_guard lock{mutex_}; }  // whoever has looked before that sleeps now
    changed_.notify_one();
  }

  void wake_all() {
    if (sleepers_ == 0) return;
    { const std::lock_guard lock{mutex_}; }
    changed_.notify_all();
  }

  void stop() {
    stopping_ = true;
    wake_all();
    workers_.clear();
  }

  static inline thread_local Thread thread_{};

  std::vector<LockFreeDeque> deques_;  // of each worker
  TaskDeque outside_;                  // of all other threads
  std::mutex mutex_;                   // held by a thread from its look until it sleeps
  std::condition_variable changed_;    // a task has come, or is done, or the pool stops
  std::atomic<int> sleepers_ = 0;
  std::atomic<bool> stopping_ = false;
  std::vector<std::jthread> workers_;
};
