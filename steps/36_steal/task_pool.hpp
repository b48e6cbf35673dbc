// Stage 36, steal: docs/36_steal.md
#pragma once

#include <atomic>
#include <concepts>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <thread>
#include <vector>

#include "task.hpp"
#include "task_deque.hpp"

// Threads that share the parts of computations: a thread that waits for one part runs others meanwhile. Each worker has
// a deque of its own, so that two threads seldom want the same lock.
class TaskPool {
 public:
  // Starts `size` workers; with none, callers do all the work themselves. Throws std::system_error if one cannot be
  // started.
  explicit TaskPool(std::size_t size) : deques_(size + 1) {
    try {
      while (workers_.size() < size) workers_.emplace_back([this, own = workers_.size() + 1] { work(own); });
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
    fork(second);
    first.run();
    join(second);
    first.rethrow();
    second.rethrow();
  }

 private:
  struct Thread {
    const TaskPool* pool;  // whose worker it is; null if it is no worker
    std::size_t own;       // its deque's index
  };

  // Of the thread that calls this.
  std::size_t own() const { return thread_.pool == this ? thread_.own : 0; }

  void fork(Task& task) {
    deques_[own()].push(task);
    // TODO: A thread that sleeps is not woken for this task.
  }

  void join(Task& task) {
    if (deques_[own()].take_back(task)) return task.run();
    help_until([&] { return task.done.load(); });
  }

  void work(std::size_t own) {
    thread_ = {this, own};
    help_until([this] { return stopping_.load(); });
  }

  // Whoever waits, works: on tasks of other threads, until the condition holds.
  template <std::predicate Condition>
  void help_until(Condition condition) {
    // TODO: Here a thread only sleeps, even if there are tasks in the deques of others.
    sleep_until(condition);
  }

  // The condition may change without the mutex: whoever changes it must wake this thread afterwards.
  template <std::predicate Condition>
  void sleep_until(Condition condition) {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, condition);
  }

  // TODO: Both functions take the pool's lock, even if no thread sleeps.
  void wake_one() {
    { const std::lock_guard lock{mutex_}; }  // whoever has looked before that sleeps now
    changed_.notify_one();
  }

  void wake_all() {
    { const std::lock_guard lock{mutex_}; }
    changed_.notify_all();
  }

  void stop() {
    stopping_ = true;
    wake_all();
    workers_.clear();
  }

  static inline thread_local Thread thread_{};

  std::vector<TaskDeque> deques_;    // the first belongs to all threads that are not workers
  std::mutex mutex_;                 // held by a thread from its look until it sleeps
  std::condition_variable changed_;  // a task has come, or is done, or the pool stops
  std::atomic<bool> stopping_ = false;
  std::vector<std::jthread> workers_;
};
