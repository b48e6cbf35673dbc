// Stage 22, from an empty file: docs/22_from_an_empty_file.md
#pragma once

#include <concepts>
#include <memory>
#include <utility>

// Anything that can be called without arguments, of whatever type. A Job is moved, never copied, so it can hold what
// has one owner, such as a Socket.
class Job {
 public:
  template <std::invocable F>
  explicit Job(F function) : callable_{std::make_unique<Holder<F>>(std::move(function))} {}

  void operator()() { callable_->call(); }

 private:
  struct Callable {
    virtual ~Callable() = default;
    virtual void call() = 0;
  };

  template <class F>
  struct Holder final : Callable {
    explicit Holder(F function) : function_{std::move(function)} {}
    void call() override { function_(); }
    F function_;
  };

  std::unique_ptr<Callable> callable_;
};
