// Stage 16, bad sizes: docs/16_bad_sizes.md
#pragma once

#include <concepts>
#include <cstddef>

// A fixed number of threads for running jobs.
class ThreadPool {
 public:
  static constexpr std::size_t max_size = 1024;

  // TODO: refuse a size that is not from 1 to max_size, and take no number for a pool by mistake.
  // With `size` threads.
  ThreadPool(std::size_t) {}

  // Runs a job, anything that can be called without arguments, in the caller.
  template <std::invocable F>
  void execute(F job) {
    job();
  }
};
