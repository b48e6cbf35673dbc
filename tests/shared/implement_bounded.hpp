// ... and the number of jobs that wait has a limit. To be included once in a test program, by the stage's source.
#pragma once

#include "implement_results.hpp"

#include <cstddef>

tested::ThreadPool::ThreadPool(std::size_t size, std::size_t max_waiting)
    : pool_{new OfTheStage{::ThreadPool{size, max_waiting}}} {}

bool tested::ThreadPool::try_execute(Work& job) {
  support::schedule::hand_in_job(job.id());
  return pool_->pool.try_execute(job);
}
