// Stage 43, coroutines: docs/43_coroutines.md
#pragma once

#include <coroutine>
#include <exception>
#include <utility>

// A coroutine that stops at each co_await, and goes on when it is told to. Its frame, which holds what is local to it,
// lives as long as this object: a coroutine that has not come to its end by then is destroyed where it stands.
// TODO: It must be what the compiler asks for, and own the frame.
class Session {
 public:
  // Runs it up to its next co_await, or to its end. False when it has ended, and then it must not be called again.
  // Throws what leaves the coroutine, which has ended then, too.
  bool go_on() {
    return false;  // TODO: It must do what it says.
  }
};
