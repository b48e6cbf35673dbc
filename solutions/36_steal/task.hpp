#pragma once

#include <atomic>
#include <concepts>
#include <exception>

// A function that is run once, by whatever thread, while another one waits for that. A task is on the stack of the
// thread that waits, so that it needs no memory of its own. Once `done` is true it may be gone, and must not be
// touched.
class Task {
 public:
  Task() = default;
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;

  // What the function throws is kept for the thread that waits.
  void run() noexcept {
    try {
      call();
    } catch (...) {
      error_ = std::current_exception();
    }
  }

  // Throws what the function has thrown, if anything.
  void rethrow() const {
    if (error_) std::rethrow_exception(error_);
  }

  std::atomic<bool> done = false;  // the last thing that is written

 protected:
  ~Task() = default;

 private:
  virtual void call() = 0;

  std::exception_ptr error_;
};

template <std::invocable F>
class TaskOf final : public Task {
 public:
  explicit TaskOf(F& function) : function_{function} {}

 private:
  void call() override { function_(); }

  F& function_;
};
