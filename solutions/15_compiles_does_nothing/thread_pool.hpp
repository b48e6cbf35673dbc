#pragma once

#include <concepts>
#include <cstddef>

// A fixed number of threads for running jobs.
class ThreadPool {
 public:
  // With `size` threads.
  ThreadPool(std::size_t) {}

  // Runs a job, anything that can be called without arguments, in the caller.
  template <std::invocable F>
  void execute(F job) {
    job();
  }
};
