#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

namespace runner {

/// Threads that do jobs in the order in which they were added. A stop request drops what has not begun.
class Workers {
 public:
  Workers(int count, std::stop_token stop) : stop_(std::move(stop)), on_stop_(stop_, [this] { wake(); }) {
    for (int i = 0; i < count; ++i) threads_.emplace_back([this] { work(); });
  }
  /// Does what has been added, then ends.
  ~Workers() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    wake();
    threads_.clear();  // joins them, while the rest is still there
  }
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  void add(std::function<void()> job) {
    {
      const std::lock_guard lock(mutex_);
      jobs_.push_back(std::move(job));
    }
    changed_.notify_one();
  }

 private:
  void wake() {
    const std::lock_guard lock(mutex_);  // so that nobody is between looking and waiting
    changed_.notify_all();
  }

  void work() {
    for (;;) {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return closed_ || stop_.stop_requested() || !jobs_.empty(); });
      if (stop_.stop_requested() || jobs_.empty()) return;
      const auto job = std::move(jobs_.front());
      jobs_.pop_front();
      lock.unlock();
      job();
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> jobs_;  // guarded by mutex_
  bool closed_ = false;                     // guarded by mutex_
  std::stop_token stop_;
  std::stop_callback<std::function<void()>> on_stop_;
  std::vector<std::jthread> threads_;
};

}  // namespace runner
