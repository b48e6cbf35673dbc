// The TaskPool of a stage, as the test cases in this folder know it. They do not include task_pool.hpp, which is the
// learner's, so that a save need not compile them again: between them and it stands implement_task_pool.hpp.
#pragma once

#include <concepts>
#include <cstddef>
#include <memory>

namespace tested {

// Refers to a function without arguments, which must outlive it.
class Part {
 public:
  template <std::invocable F>
  requires(!std::same_as<F, Part>) Part(const F& function)
      : function_{&function}, call_{[](const void* each) { (*static_cast<const F*>(each))(); }} {}

  void operator()() const { call_(function_); }

 private:
  const void* function_;
  void (*call_)(const void*);
};

// The stage's TaskPool: what it is told it passes on.
class TaskPool {
 public:
  explicit TaskPool(std::size_t size);
  ~TaskPool();
  void invoke(Part left, Part right);

  struct OfTheStage;

 private:
  std::unique_ptr<OfTheStage> pool_;
};

}  // namespace tested
