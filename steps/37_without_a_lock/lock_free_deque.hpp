// Stage 37, without a lock: docs/37_without_a_lock.md
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "task.hpp"

// The tasks that one thread, the owner, has forked: it takes the newest, and others steal the oldest. No thread waits
// for another one. This is the deque of D. Chase and Y. Lev (SPAA 2005), with the memory orders of N. M. Lê, A. Pop,
// A. Cohen and F. Zappa Nardelli (PPoPP 2013). Where they have a fence, which ThreadSanitizer does not know, here are
// operations that are sequentially consistent.
class LockFreeDeque {
 public:
  static constexpr std::int64_t capacity = 1024;

  // The owner's. False, and nothing is changed, if the deque is full.
  bool push(Task& task) {
    const std::int64_t bottom = bottom_.load(std::memory_order_relaxed);
    if (bottom - top_.load(std::memory_order_acquire) == capacity) return false;
    slot(bottom).store(&task, std::memory_order_relaxed);
    bottom_ = bottom + 1;  // a thief that sees this sees the task
    return true;
  }

  // The owner's. Nothing if the deque is empty, or a thief has been faster.
  Task* take_newest() {
    const std::int64_t bottom = bottom_.load(std::memory_order_relaxed) - 1;
    bottom_ = bottom;  // either a thief sees this, or the next line sees what the thief has taken
    const std::int64_t top = top_;
    // TODO: If this is the last task, a thief may be taking it at the same time.
    if (top <= bottom) return slot(bottom).load(std::memory_order_relaxed);
    bottom_.store(bottom + 1, std::memory_order_relaxed);
    return nullptr;
  }

  // For any other thread. Nothing if the deque is empty, or another thread has been faster.
  Task* steal_oldest() {
    const std::int64_t top = top_;
    if (top >= bottom_) return nullptr;
    Task* const task = slot(top).load(std::memory_order_relaxed);  // afterwards the slot may be used again
    // TODO: Another thread may have taken this task meanwhile.
    top_ = top + 1;
    return task;
  }

  bool empty() const { return top_ >= bottom_; }

 private:
  std::atomic<Task*>& slot(std::int64_t index) { return slots_[static_cast<std::size_t>(index % capacity)]; }

  // The indices only grow, so that a thief never takes one task for another. Each is on a cache line of its own: on the
  // same one, every theft would slow the owner down.
  alignas(64) std::atomic<std::int64_t> top_ = 0;     // of the oldest task
  alignas(64) std::atomic<std::int64_t> bottom_ = 0;  // one behind the newest
  alignas(64) std::array<std::atomic<Task*>, capacity> slots_{};
};
