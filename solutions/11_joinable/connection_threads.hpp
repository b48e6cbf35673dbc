#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

// The threads that serve connections. Its destructor waits until all of them have ended.
class ConnectionThreads {
 public:
  // Runs the job on a thread of its own. Before that, joins the threads whose jobs are done. The job must not throw.
  // Throws std::system_error when the system has no thread left.
  template <class Job>
  void start(Job job) {
    std::erase_if(threads_, [](const Running& each) { return each.done->load(); });
    auto done = std::make_shared<std::atomic<bool>>(false);
    std::jthread thread{[job = std::move(job), done]() mutable {
      job();
      *done = true;
    }};
    threads_.push_back({std::move(thread), done});
  }

  // How many threads are not joined yet.
  std::size_t size() const { return threads_.size(); }

 private:
  struct Running {
    std::jthread thread;
    std::shared_ptr<std::atomic<bool>> done;  // the thread sets it, start looks at it
  };

  std::vector<Running> threads_;
};
