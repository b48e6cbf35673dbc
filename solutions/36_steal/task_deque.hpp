#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <deque>
#include <iterator>
#include <mutex>

#include "task.hpp"

// The tasks that one thread has forked, or several. Each function may be called by any thread. Two deques share no
// cache line: if they did, each would slow down the threads that use the other one.
class alignas(64) TaskDeque {
 public:
  void push(Task& task) {
    const std::lock_guard lock{mutex_};
    tasks_.push_back(&task);
    size_ = tasks_.size();
  }

  // For the thread that has pushed `task`: takes it out, and returns true, if it is still there.
  bool take_back(Task& task) {
    const std::lock_guard lock{mutex_};
    const auto found = std::find(tasks_.rbegin(), tasks_.rend(), &task);  // most often the newest
    if (found == tasks_.rend()) return false;
    tasks_.erase(std::next(found).base());
    size_ = tasks_.size();
    return true;
  }

  // For any other thread. Nothing if the deque is empty.
  Task* steal_oldest() {
    if (empty()) return nullptr;  // most often, and then the owner is not disturbed
    const std::lock_guard lock{mutex_};
    if (tasks_.empty()) return nullptr;
    Task* const oldest = tasks_.front();
    tasks_.pop_front();
    size_ = tasks_.size();
    return oldest;
  }

  bool empty() const { return size_ == 0; }

 private:
  std::mutex mutex_;  // guards tasks_
  std::deque<Task*> tasks_;
  std::atomic<std::size_t> size_ = 0;  // of tasks_, for a look without the lock
};
