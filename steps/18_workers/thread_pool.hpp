// Stage 18, workers: docs/18_workers.md
#pragma once

#include <concepts>
#include <cstddef>
#include <queue>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include "job.hpp"

// A fixed number of threads, the workers, that are to run jobs.
class ThreadPool {
 public:
  static constexpr std::size_t max_size = 1024;

  // Starts `size` workers, 1 to max_size. Throws std::invalid_argument for any other size, and std::system_error when a
  // worker cannot be started; those that were are joined by then.
  explicit ThreadPool(std::size_t size) {
    if (size == 0 || size > max_size) throw std::invalid_argument{"ThreadPool: the size must be 1 to 1024"};
    // TODO: what becomes of the first two when the system cannot start the third?
    while (workers_.size() < size) workers_.emplace_back([this] { work(); });
  }

  // TODO: wait at the end until every worker has ended.

  // Puts a job, anything that can be called without arguments, into the queue. It runs in the caller.
  template <std::invocable F>
  void execute(F job) {
    jobs_.push(Job{std::move(job)});
    run_oldest();
  }

 private:
  // What a worker does: nothing yet.
  void work() {}

  void run_oldest() {
    Job job = std::move(jobs_.front());
    jobs_.pop();
    job();
  }

  std::queue<Job> jobs_;
  std::vector<std::thread> workers_;
};
