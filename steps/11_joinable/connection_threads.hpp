// Stage 11, joinable: docs/11_joinable.md
#pragma once

#include <cstddef>
#include <thread>
#include <utility>
#include <vector>

// The threads that serve connections. Its destructor waits until all of them have ended.
class ConnectionThreads {
 public:
  // Runs the job on a thread of its own, and joins the threads that have ended by now. The job must not throw. Throws
  // std::system_error when the system has no thread left.
  template <class Job>
  void start(Job job) {
    // TODO: do not let threads that have ended pile up.
    threads_.emplace_back(std::move(job));
  }

  // How many threads are not joined yet.
  std::size_t size() const { return threads_.size(); }

 private:
  // TODO: who waits for these threads when this object ends?
  std::vector<std::thread> threads_;
};
