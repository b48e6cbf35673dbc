// Test cases: a TaskPool finishes what it has begun before it begins more, so that few parts wait.
#include "expect/expect.hpp"
#include "tested_task_pool.hpp"
#include "threads/every_schedule.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <latch>

using tested::TaskPool;

namespace {

// A tree of functions, each of which has two parts, that counts the parts that wait: invoke has them, and they have not
// begun.
class Tree {
 public:
  explicit Tree(TaskPool& pool) : pool_{pool} {}

  void grow(int levels) {
    if (levels == 0) {
      ++leaves_;
      return;
    }
    const auto part = [this, levels] {
      const int waiting = --waiting_;
      int most = most_waiting_;
      while (most < waiting && !most_waiting_.compare_exchange_weak(most, waiting)) continue;
      static thread_local int nested = 0;
      most_nested_ = std::max<int>(most_nested_, ++nested);  // read where one thread runs all of them
      grow(levels - 1);
      --nested;
    };
    waiting_ += 2;
    pool_.invoke(part, part);
  }

  int leaves() const { return leaves_; }
  int most_waiting() const { return most_waiting_; }
  int most_nested() const { return most_nested_; }

 private:
  TaskPool& pool_;
  std::atomic<int> leaves_ = 0;
  std::atomic<int> waiting_ = 0;
  std::atomic<int> most_waiting_ = 0;
  std::atomic<int> most_nested_ = 0;
};

}  // namespace

TEST_CASE("a tree that a single thread computes has no more parts that wait than it has levels") {
  constexpr int levels = 7;
  TaskPool pool{0};
  Tree tree{pool};
  tree.grow(levels);
  support::expect("leaves that ran", tree.leaves()).is(1 << levels);
  support::expect("parts that waited at the same time, of a tree with 7 levels", tree.most_waiting())
      .is_at_most(levels);
  support::expect("parts that were begun and not ended at the same time", tree.most_nested()).is_at_most(levels);
}

TEST_CASE("each further thread has no more parts that wait than the tree has levels, either") {
  support::under_every_schedule([] {
    constexpr int levels = 4;
    TaskPool pool{1};
    Tree tree{pool};
    tree.grow(levels);
    support::expect("leaves that ran", tree.leaves()).is(1 << levels);
    support::expect("parts that waited at the same time, of a tree with 4 levels, and two threads", tree.most_waiting())
        .is_at_most(2 * levels);
  });
}

// One thread goes down on the left side, and waits at the bottom until a part of the right side has begun. The part
// next to the root is a quarter of the tree; the one at the bottom is only an eighth.
TEST_CASE("a thread that has nothing to do takes the oldest part, which is the largest") {
  support::under_every_schedule([] {
    std::latch at_bottom{1};
    std::latch taken{1};
    std::atomic<int> first_level = 0;
    TaskPool pool{1};
    const auto right = [&](int level) {
      int none = 0;
      if (first_level.compare_exchange_strong(none, level)) taken.count_down();
    };
    const auto bottom = [&] {
      at_bottom.count_down();
      taken.wait();
    };
    const auto middle = [&] { pool.invoke(bottom, [&] { right(2); }); };
    const auto top = [&] { pool.invoke(middle, [&] { right(1); }); };
    pool.invoke(top, [&] { at_bottom.wait(); });
    support::expect("the level of the part that was taken first", first_level.load()).is(1);
  });
}
