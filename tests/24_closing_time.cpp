// The test cases are in tests/shared: meson.build names those of this stage. This is how they close its pool.
#include "implement_tested_pool.hpp"
#include "thread_pool.hpp"

void tested::ThreadPool::close() {
  ::ThreadPool& pool = pool_->pool;
  pool.close();
}
