#pragma once

#include <cstddef>

// A fixed number of threads for running jobs.
class ThreadPool {
 public:
  // With `size` threads.
  ThreadPool(std::size_t) {}
};
