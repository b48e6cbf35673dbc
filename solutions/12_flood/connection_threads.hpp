#pragma once

#include <atomic>
#include <cstddef>
#include <list>
#include <semaphore>
#include <thread>
#include <utility>

// The threads that serve connections, a limited number. Its destructor waits until all of them have ended.
class ConnectionThreads {
 public:
  // At most `most` threads run at a time; it must be at least 1.
  explicit ConnectionThreads(std::ptrdiff_t most) : places_{most} {}

  // Runs the job on a thread of its own, as soon as fewer than the most of them run: waits for that. Joins the threads
  // that have ended by now. The job must not throw. Throws std::system_error when the system has no thread left.
  template <class Job>
  void start(Job job) {
    places_.acquire();
    try {
      threads_.remove_if([](const Running& each) { return each.finished.load(); });
      threads_.emplace_back(std::move(job), places_);
    } catch (...) {
      places_.release();
      throw;
    }
  }

  // How many threads are not joined yet.
  std::size_t size() const { return threads_.size(); }

 private:
  struct Running {
    template <class Job>
    Running(Job job, std::counting_semaphore<>& places)
        : thread{[this, job = std::move(job), &places]() mutable {
            job();
            finished = true;
            places.release();
          }} {}

    std::atomic<bool> finished = false;
    std::jthread thread;  // the last member: joined before `finished` goes
  };

  std::counting_semaphore<> places_;  // how many more threads may run; goes after the threads, which use it
  std::list<Running> threads_;
};
