// Stage 12, flood: docs/12_flood.md
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

// The threads that serve connections, a limited number. Its destructor waits until all of them have ended.
class ConnectionThreads {
 public:
  // At most `most` threads run at a time; it must be at least 1.
  explicit ConnectionThreads(std::ptrdiff_t most) { threads_.reserve(static_cast<std::size_t>(most)); }
  ~ConnectionThreads() { threads_.clear(); }  // joins them, while the other members are still there

  // Waits until fewer than the most threads run, then runs the job on a thread of its own. Before that, joins the
  // threads whose jobs are done. The job must not throw. Throws std::system_error when the system has no thread left.
  template <class Job>
  void start(Job job) {
    // TODO: wait here until fewer threads run than may run.
    std::erase_if(threads_, [](const Running& each) { return each.done->load(); });
    auto done = std::make_shared<std::atomic<bool>>(false);
    std::jthread thread{[job = std::move(job), done]() mutable {
      job();
      *done = true;
    }};
    threads_.push_back({std::move(thread), done});  // there is room for it: this cannot fail
  }

  // How many threads are not joined yet: never more than the most.
  std::size_t size() const { return threads_.size(); }

 private:
  struct Running {
    std::jthread thread;
    std::shared_ptr<std::atomic<bool>> done;  // the thread sets it, start looks at it
  };

  std::vector<Running> threads_;
};
