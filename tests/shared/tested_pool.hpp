// The pool of a stage, as the test cases in this folder know it. They do not include thread_pool.hpp, which is the
// learner's, so that a save need not compile them again: between them and it stands implement_tested_pool.hpp.
#pragma once

#include "schedule/turns.hpp"

#include <concepts>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>

namespace tested {

// Anything that can be called without arguments, for its result.
template <class R>
class Function {
 public:
  template <std::invocable F>
  Function(F function)
      : function_{new F{std::move(function)}, [](void* each) { delete static_cast<F*>(each); }},
        call_{[](void* each) -> R { return static_cast<R>((*static_cast<F*>(each))()); }} {}

  R operator()() {
    support::schedule::begin_job(id());
    return call_(function_.get());
  }
  const void* id() const { return function_.get(); }

 private:
  std::unique_ptr<void, void (*)(void*)> function_;
  R (*call_)(void*);
};

using Work = Function<void>;

// The stage's ThreadPool: what it is told it passes on.
class ThreadPool {
 public:
  static const std::size_t max_size;

  explicit ThreadPool(std::size_t size);
  ~ThreadPool();
  void execute(Work job);
  void close();  // from stage 24 on: implement_closing.hpp

  // From stage 28 on: implement_bounded.hpp.
  ThreadPool(std::size_t size, std::size_t max_waiting);
  bool try_execute(Work& job);

  struct OfTheStage;
  OfTheStage& of_the_stage() { return *pool_; }

 private:
  std::unique_ptr<OfTheStage> pool_;
};

// What making a pool of this size ends in, and how many workers are left then.
std::string outcome_of_making(std::size_t size);

}  // namespace tested
