#pragma once

#include <atomic>
#include <cstddef>
#include <list>
#include <thread>
#include <utility>

// The threads that serve connections. Its destructor waits until all of them have ended.
class ConnectionThreads {
 public:
  // Runs the job on a thread of its own, and joins the threads that have ended by now. The job must not throw. Throws
  // std::system_error when the system has no thread left.
  template <class Job>
  void start(Job job) {
    threads_.remove_if([](const Running& each) { return each.finished.load(); });
    threads_.emplace_back(std::move(job));
  }

  // How many threads are not joined yet.
  std::size_t size() const { return threads_.size(); }

 private:
  struct Running {
    template <class Job>
    explicit Running(Job job)
        : thread{[this, job = std::move(job)]() mutable {
            job();
            finished = true;
          }} {}

    std::atomic<bool> finished = false;
    std::jthread thread;  // the last member: joined before `finished` goes
  };

  std::list<Running> threads_;
};
