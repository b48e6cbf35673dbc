// tested::TaskPool is the TaskPool of task_pool.hpp. To be included once in a test program, by the stage's source.
#pragma once

#include "task_pool.hpp"
#include "tested_task_pool.hpp"

#include <cstddef>

struct tested::TaskPool::OfTheStage {
  ::TaskPool pool;
};

tested::TaskPool::TaskPool(std::size_t size) : pool_{new OfTheStage{::TaskPool{size}}} {}

tested::TaskPool::~TaskPool() = default;

void tested::TaskPool::invoke(Part left, Part right) {
  pool_->pool.invoke(left, right);
}
