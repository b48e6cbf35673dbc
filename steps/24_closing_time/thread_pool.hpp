// Stage 24, closing time: docs/24_closing_time.md
#pragma once

#include <concepts>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <queue>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include "job.hpp"

// A fixed number of threads, the workers, that run jobs.
class ThreadPool {
 public:
  static constexpr std::size_t max_size = 1024;

  // Starts `size` workers, 1 to max_size. Throws std::invalid_argument for any other size, and std::system_error when a
  // worker cannot be started; those that were are joined by then.
  explicit ThreadPool(std::size_t size) {
    if (size == 0 || size > max_size) throw std::invalid_argument{"ThreadPool: the size must be 1 to 1024"};
    try {
      while (workers_.size() < size) workers_.emplace_back([this] { work(); });
    } catch (...) {
      stop();
      throw;
    }
  }

  // TODO: a function close(), after which the pool takes no more jobs: execute throws std::runtime_error. The jobs that
  // it has taken still run, and then the workers end. close itself waits for nothing, so that any thread may call it at
  // any time: again, and in a job.

  // Waits until every job has run, and every worker has ended.
  ~ThreadPool() { stop(); }

  // Puts a job, anything that can be called without arguments, into the queue. A worker runs it. The job must not
  // throw.
  template <std::invocable F>
  void execute(F function) {
    Job job{std::move(function)};
    {
      const std::lock_guard lock{mutex_};
      jobs_.push(std::move(job));
    }
    changed_.notify_one();
  }

 private:
  // What a worker does: runs jobs until the pool stops and none is left.
  void work() {
    while (std::optional<Job> job = next_job()) (*job)();
  }

  // Waits for a job and takes the oldest; nothing when the pool stops and none is left.
  std::optional<Job> next_job() {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
    if (jobs_.empty()) return std::nullopt;
    Job job = std::move(jobs_.front());
    jobs_.pop();
    return job;
  }

  void stop() {
    {
      const std::lock_guard lock{mutex_};
      stopping_ = true;
    }
    changed_.notify_all();
    for (std::thread& worker : workers_) worker.join();
  }

  std::mutex mutex_;                 // guards jobs_ and stopping_
  std::condition_variable changed_;  // a job has come, or the pool stops
  std::queue<Job> jobs_;             // the oldest in front
  bool stopping_ = false;
  std::vector<std::thread> workers_;
};
