#pragma once

#include <concepts>
#include <cstddef>

// A fixed number of threads for running jobs.
class ThreadPool {
 public:
  // With `size` threads.
  ThreadPool(std::size_t) {}

  // Takes a job: anything that can be called without arguments.
  template <std::invocable F>
  void execute(F) {}
};
