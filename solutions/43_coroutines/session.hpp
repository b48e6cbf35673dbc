#pragma once

#include <coroutine>
#include <exception>
#include <utility>

// A coroutine that stops at each co_await, and goes on when it is told to. Its frame, which holds what is local to it,
// lives as long as this object: a coroutine that has not come to its end by then is destroyed where it stands.
class Session {
 public:
  // What the compiler asks for when a coroutine returns a Session ([dcl.fct.def.coroutine]).
  struct promise_type {
    Session get_return_object() { return Session{std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() const noexcept { return {}; }  // it begins when go_on is called
    std::suspend_always final_suspend() const noexcept { return {}; }    // its frame stays, and can be asked
    void return_void() const noexcept {}
    void unhandled_exception() noexcept { error = std::current_exception(); }

    std::exception_ptr error;
  };

  Session(Session&& other) noexcept : frame_{std::exchange(other.frame_, nullptr)} {}
  Session& operator=(Session&&) = delete;
  ~Session() {
    if (frame_) frame_.destroy();
  }

  // Runs it up to its next co_await, or to its end. False when it has ended, and then it must not be called again.
  // Throws what leaves the coroutine, which has ended then, too.
  bool go_on() {
    frame_.resume();
    if (frame_.promise().error) std::rethrow_exception(frame_.promise().error);
    return !frame_.done();
  }

 private:
  explicit Session(std::coroutine_handle<promise_type> frame) : frame_{frame} {}

  std::coroutine_handle<promise_type> frame_;
};
