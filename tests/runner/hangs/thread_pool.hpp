// A pool as learners write it, with one mistake: `flaw` says which. Its lines are told as those of a stage.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <queue>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

inline std::string_view flaw;

#line 10 "steps/21_unlock_first/thread_pool.hpp"
class ThreadPool {
 public:
  using Job = std::function<void()>;

  explicit ThreadPool(unsigned size) {
    for (unsigned i = 0; i < size; ++i) workers_.emplace_back([this] { work(); });
  }

  ~ThreadPool() {
    {
      const std::lock_guard lock{mutex_};
      stopping_ = true;
    }
    if (flaw != "stop") ready_.notify_all();
    for (std::thread& worker : workers_) worker.join();
  }

  // A flaw in waking workers shows when they wait already.
  void wait_until_idle() {
    for (;;) {
      const std::lock_guard lock{mutex_};
      if (waiting_ == workers_.size()) return;
    }
  }

  template <class F>
  void execute(F&& job) {
    const std::lock_guard lock{mutex_};
    jobs_.emplace(std::forward<F>(job));
    if (flaw != "notify") ready_.notify_one();
  }

 private:
  Job next_job(std::unique_lock<std::mutex>& lock) {
    ++waiting_;
    ready_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
    --waiting_;
    if (jobs_.empty()) return {};
    Job job = std::move(jobs_.front());
    jobs_.pop();
    return job;
  }

  void work() {
    for (;;) {
      std::unique_lock lock{mutex_};
      const Job job = next_job(lock);
      if (!job) return;
      if (flaw != "lock") lock.unlock();
      if (flaw != "drop") job();
    }
  }

  std::mutex mutex_;
  std::condition_variable ready_;
  std::queue<Job> jobs_;
  std::size_t waiting_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> workers_;
};
