#pragma once

#include <cstddef>

// A fixed number of threads that are to run jobs.
class ThreadPool {
 public:
  // With `size` threads.
  ThreadPool(std::size_t) {}
};
