// ... and the stage's pool can be closed. To be included once in a test program, by the stage's source.
#pragma once

#include "implement_tested_pool.hpp"

void tested::ThreadPool::close() {
  pool_->pool.close();
}
