// Test case: memory runs out while a pool starts its workers.
#include "expect/expect.hpp"
#include "tested_pool.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdlib>
#include <new>
#include <string>

using support::expect;
using tested::outcome_of_making;

namespace {

thread_local int allocations_until_one_fails = 0;  // 0: none fails

// The system gives this thread memory `more` times, and then once none.
class MemoryRunsOut {
 public:
  explicit MemoryRunsOut(int more) { allocations_until_one_fails = more + 1; }
  ~MemoryRunsOut() { allocations_until_one_fails = 0; }
  MemoryRunsOut(const MemoryRunsOut&) = delete;
  MemoryRunsOut& operator=(const MemoryRunsOut&) = delete;
};

}  // namespace

// Clang's ThreadSanitizer has these of its own, which no program can replace: memory does not run out there.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define OPERATOR_NEW_IS_TAKEN
#endif
#endif

#ifndef OPERATOR_NEW_IS_TAKEN
// In place of the library's (C++20 [new.delete.single]).
void* operator new(std::size_t size) {
  const bool fails = allocations_until_one_fails > 0 && --allocations_until_one_fails == 0;
  void* const memory = fails ? nullptr : std::malloc(size);
  if (memory == nullptr) throw std::bad_alloc{};
  return memory;
}

void operator delete(void* memory) noexcept {
  std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
#endif

TEST_CASE("when memory runs out while workers are started, the caller gets the error, and no worker is left") {
  for (int more = 0; more < 1000; ++more) {
    std::string outcome;
    {
      const MemoryRunsOut out{more};
      outcome = outcome_of_making(4);
    }
    if (outcome == "a pool of 4") break;  // there was enough
    expect("ThreadPool{4}, when there is memory " + std::to_string(more) + " times, and then none", outcome)
        .is("std::bad_alloc");
  }
}
