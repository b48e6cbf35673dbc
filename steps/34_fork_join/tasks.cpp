// Stage 34, fork join: docs/34_fork_join.md
#include "tasks.hpp"

#include <algorithm>
#include <cstddef>
#include <thread>

#include <task_pool.hpp>  // not "…": each later stage brings its own, and this finds it

void in_parallel(const std::function<void()>& left, const std::function<void()>& right) {
  // For the whole server: a page that is computed takes all processors.
  static TaskPool pool{std::max<std::size_t>(std::thread::hardware_concurrency(), 1)};
  pool.invoke(left, right);
}
