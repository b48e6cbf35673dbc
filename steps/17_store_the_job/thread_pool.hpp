// Stage 17, store the job: docs/17_store_the_job.md
#pragma once

#include <concepts>
#include <cstddef>
#include <queue>
#include <stdexcept>
#include <utility>

#include "job.hpp"

// A fixed number of threads for running jobs.
class ThreadPool {
 public:
  static constexpr std::size_t max_size = 1024;

  // With `size` threads, 1 to max_size. Throws std::invalid_argument for any other size.
  explicit ThreadPool(std::size_t size) {
    if (size == 0 || size > max_size) throw std::invalid_argument{"ThreadPool: the size must be 1 to 1024"};
  }

  // Puts a job, anything that can be called without arguments, into the queue. It runs in the caller.
  template <std::invocable F>
  void execute(F job) {
    jobs_.push(Job{std::move(job)});
    run_oldest();
  }

 private:
  void run_oldest() {
    Job job = std::move(jobs_.front());
    jobs_.pop();
    job();
  }

  std::queue<Job> jobs_;
};
