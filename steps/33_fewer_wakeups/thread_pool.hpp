// Stage 33, fewer wakeups: docs/33_fewer_wakeups.md
#pragma once

#include <concepts>
#include <condition_variable>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <future>
#include <limits>
#include <mutex>
#include <optional>
#include <queue>
#include <stdexcept>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "job.hpp"

// A fixed number of threads, the workers, that run jobs.
class ThreadPool {
 public:
  static constexpr std::size_t max_size = 1024;
  static constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();

  // Starts `size` workers, 1 to max_size. At most `max_waiting` jobs, 1 or more, wait for one of them; those that run
  // do not count. Throws std::invalid_argument for any other number, and std::system_error when a worker cannot be
  // started; those that were are joined by then.
  explicit ThreadPool(std::size_t size, std::size_t max_waiting = no_limit) : max_waiting_{max_waiting} {
    if (size == 0 || size > max_size) throw std::invalid_argument{"ThreadPool: the size must be 1 to 1024"};
    if (max_waiting == 0) throw std::invalid_argument{"ThreadPool: at least one job must be able to wait"};
    try {
      while (workers_.size() < size) workers_.emplace_back([this] { work(); });
    } catch (...) {
      close();  // without it, workers_ would wait for those that were started, and they for a job
      throw;
    }
  }

  // Closes the pool, and waits until every job has run, and every worker has ended.
  ~ThreadPool() { close(); }

  // Puts a job, anything that can be called without arguments, into the queue. A worker runs it, and reports on stderr
  // what the job throws. Throws std::runtime_error when the pool is closed or full; the job is destroyed, and will not
  // run.
  template <std::invocable F>
  void execute(F function) {
    if (!try_execute(function)) throw std::runtime_error{"ThreadPool: it is closed, or full"};
  }

  // Like execute, but says by its result whether the pool has taken the function. One that is not taken is left as it
  // was: it still has what it owns.
  template <std::invocable F>
  [[nodiscard]] bool try_execute(F& function) {
    {
      const std::lock_guard lock{mutex_};
      if (closed_ || jobs_.size() >= max_waiting_) return false;
      jobs_.push(Job{std::move(function)});  // under the lock, as it must not be moved before it is sure to be taken
    }
    changed_.notify_one();  // TODO: call a worker only when one must wake up
    return true;
  }

  // Like execute, for a function whose result somebody waits for: the future has the result, or what the function
  // throws.
  template <std::invocable F>
  std::future<std::invoke_result_t<F&>> submit(F function) {
    std::packaged_task<std::invoke_result_t<F&>()> task{std::move(function)};
    auto result = task.get_future();
    execute(std::move(task));
    return result;
  }

  // From here on the pool takes no more jobs. Those that it has taken will run. Waits for nothing, so that any thread
  // may call it at any time: again, and in a job.
  void close() {
    {
      const std::lock_guard lock{mutex_};
      closed_ = true;
    }
    changed_.notify_all();
  }

 private:
  // What a worker does: runs jobs until the pool is closed and none is left.
  void work() {
    while (std::optional<Job> job = next_job()) {
      try {
        (*job)();
      } catch (const std::exception& error) {
        std::fprintf(stderr, "a job has failed: %s\n", error.what());
      } catch (...) {
        std::fprintf(stderr, "a job has failed: what it threw is not a std::exception\n");
      }
    }
  }

  // Waits for a job and takes the oldest; nothing when the pool is closed and none is left.
  std::optional<Job> next_job() {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [this] { return closed_ || !jobs_.empty(); });
    if (jobs_.empty()) return std::nullopt;
    Job job = std::move(jobs_.front());
    jobs_.pop();
    return job;
  }

  std::mutex mutex_;                 // guards jobs_ and closed_
  std::condition_variable changed_;  // a job has come, or the pool is closed
  std::queue<Job> jobs_;             // the oldest in front
  const std::size_t max_waiting_;
  bool closed_ = false;
  std::vector<std::jthread> workers_;  // the last member: it is destroyed first, which waits until all have ended
};
