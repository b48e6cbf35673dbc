// tested::ThreadPool is the ThreadPool of thread_pool.hpp. To be included once in a test program, by the stage's
// source.
#pragma once

#include "tested_pool.hpp"
#include "thread_pool.hpp"

#include <cstddef>
#include <utility>

struct tested::ThreadPool::OfTheStage {
  ::ThreadPool pool;
};

const std::size_t tested::ThreadPool::max_size = ::ThreadPool::max_size;

tested::ThreadPool::ThreadPool(std::size_t size) : pool_{new OfTheStage{::ThreadPool{size}}} {}

tested::ThreadPool::~ThreadPool() = default;

void tested::ThreadPool::execute(Work job) {
  support::schedule::hand_in_job(job.id());
  pool_->pool.execute(std::move(job));
}
