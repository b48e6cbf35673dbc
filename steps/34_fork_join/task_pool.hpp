// Stage 34, fork join: docs/34_fork_join.md
#pragma once

#include <concepts>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <queue>
#include <thread>
#include <vector>

#include "task.hpp"

// Threads that share the parts of computations.
class TaskPool {
 public:
  // Starts `size` workers; with none, callers do all the work themselves. Throws std::system_error if one cannot be
  // started.
  explicit TaskPool(std::size_t size) {
    try {
      while (workers_.size() < size) workers_.emplace_back([this] { work(); });
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
    fork(first);
    try {
      fork(second);
    } catch (...) {
      join(first);  // a thread may be running it
      throw;
    }
    join(first);
    join(second);
    first.rethrow();
    second.rethrow();
  }

 private:
  void fork(Task& task) {
    {
      const std::lock_guard lock{mutex_};
      tasks_.push(&task);
    }
    changed_.notify_one();
  }

  // TODO: A thread that waits here does nothing else, and there are tasks that need a thread.
  void join(Task& task) {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [&] { return task.done; });
  }

  void work() {
    std::unique_lock lock{mutex_};
    while (true) {
      changed_.wait(lock, [this] { return stopping_ || !tasks_.empty(); });
      if (tasks_.empty()) return;
      run_next(lock);
    }
  }

  // `lock` must be held, and is held again at the end; there must be a task.
  void run_next(std::unique_lock<std::mutex>& lock) {
    Task& task = *tasks_.front();
    tasks_.pop();
    lock.unlock();
    task.run();
    lock.lock();
    task.done = true;
    changed_.notify_all();
  }

  void stop() {
    {
      const std::lock_guard lock{mutex_};
      stopping_ = true;
    }
    changed_.notify_all();
    workers_.clear();
  }

  std::mutex mutex_;                 // guards tasks_, stopping_, and whether a task is done
  std::condition_variable changed_;  // a task has come, or is done, or the pool stops
  std::queue<Task*> tasks_;          // the oldest in front
  bool stopping_ = false;
  std::vector<std::jthread> workers_;
};
