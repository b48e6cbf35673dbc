// Stage 19, hand over: docs/19_hand_over.md
#pragma once

#include <concepts>
#include <cstddef>
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

  // Waits until every job has run, and every worker has ended.
  ~ThreadPool() { stop(); }

  // Puts a job, anything that can be called without arguments, into the queue. A worker runs it. The job must not
  // throw.
  template <std::invocable F>
  void execute(F function) {
    Job job{std::move(function)};
    jobs_.push(std::move(job));
  }

 private:
  // What a worker does: runs jobs until the pool stops and none is left.
  void work() {
    while (!is_done()) {
      if (std::optional<Job> job = next_job()) {
        (*job)();
      } else {
        std::this_thread::yield();
      }
    }
  }

  bool is_done() { return stopping_ && jobs_.empty(); }

  // Takes the oldest job; nothing when there is none.
  std::optional<Job> next_job() {
    if (jobs_.empty()) return std::nullopt;
    Job job = std::move(jobs_.front());
    jobs_.pop();
    return job;
  }

  void stop() {
    stopping_ = true;
    for (std::thread& worker : workers_) worker.join();
  }

  // TODO: the caller and the workers use these two at the same time: guard them, and say so here.
  std::queue<Job> jobs_;  // the oldest in front
  bool stopping_ = false;
  std::vector<std::thread> workers_;
};
