// Stage 14, execute: docs/14_execute.md
#pragma once

#include <cstddef>

// A fixed number of threads for running jobs.
class ThreadPool {
 public:
  // With `size` threads.
  ThreadPool(std::size_t) {}

  // TODO: let execute take a job, anything that can be called without arguments.
};
