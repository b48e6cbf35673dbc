// What a pool's tests have in common from the stage on in which it has workers.
#pragma once

#include "expect.hpp"
#include "interposed.hpp"
#include "place.hpp"
#include "thread_pool.hpp"
#include "thread_trouble.hpp"

#include <concepts>
#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

// A job of these tests. All are of one type, so that execute is compiled once, not for each lambda again: that is a
// quarter of what the compiler would have to do for them.
class Work {
 public:
  template <std::invocable F>
  explicit Work(F function)
      : function_{new F{std::move(function)}, [](void* each) { delete static_cast<F*>(each); }}, call_{[](void* each) {
          (*static_cast<F*>(each))();
        }} {}

  void operator()() { call_(function_.get()); }

 private:
  std::unique_ptr<void, void (*)(void*)> function_;
  void (*call_)(void*);
};

// What making a pool of this size ends in, and how many workers are left then.
inline std::string outcome_of_making(std::size_t size) {
  const support::ThreadsHeldBack threads;
  std::string outcome = "a pool";
  try {
    const ThreadPool pool{size};
    outcome += " of " + std::to_string(threads.count());
  } catch (const std::invalid_argument&) {
    outcome = "std::invalid_argument";
  } catch (const std::system_error& error) {
    outcome = "std::system_error: " + error.code().message();
  } catch (const std::exception& error) {
    outcome = "another exception: " + std::string{error.what()};
  }
  if (threads.count() > 0) outcome += ", and " + std::to_string(threads.count()) + " workers that nobody waits for";
  return outcome;
}
