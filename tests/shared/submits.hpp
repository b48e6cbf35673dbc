// What the pool of a stage gives for a function with a result, from stage 27 on.
#pragma once

#include "tested_pool.hpp"

#include <future>

namespace tested {

// For the types of results that implement_results.hpp names.
template <class R>
std::future<R> submit(ThreadPool& pool, Function<R> function);

}  // namespace tested
