// Stage 12, flood: docs/12_flood.md
#pragma once

#include <atomic>
#include <cstddef>
#include <list>
#include <thread>
#include <utility>

// The threads that serve connections, a limited number. Its destructor waits until all of them have ended.
class ConnectionThreads {
 public:
  // At most `most` threads run at a time; it must be at least 1.
  explicit ConnectionThreads(std::ptrdiff_t) {}

  // Runs the job on a thread of its own, as soon as fewer than the most of them run: waits for that. Joins the threads
  // that have ended by now. The job must not throw. Throws std::system_error when the system has no thread left.
  template <class Job>
  void start(Job job) {
    // TODO: wait here until fewer than the most of them run.
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
