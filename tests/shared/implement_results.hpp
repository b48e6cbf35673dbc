// ... and functions with a result can be submitted to it. To be included once in a test program, by the stage's source.
#pragma once

#include "implement_closing.hpp"
#include "submits.hpp"

#include <future>
#include <memory>
#include <string>
#include <utility>

// The pool's type is a parameter so that the compiler asks for `submit` late: the first error is then one of the
// stage's own source.
template <class R, class Pool>
std::future<R> submit_to(Pool& pool, tested::Function<R> function) {
  return pool.submit(std::move(function));
}

template <class R>
std::future<R> tested::submit(ThreadPool& pool, Function<R> function) {
  return submit_to<R>(pool.of_the_stage().pool, std::move(function));
}

template std::future<void> tested::submit(ThreadPool&, Function<void>);
template std::future<int> tested::submit(ThreadPool&, Function<int>);
template std::future<int&> tested::submit(ThreadPool&, Function<int&>);
template std::future<std::string> tested::submit(ThreadPool&, Function<std::string>);
template std::future<std::unique_ptr<int>> tested::submit(ThreadPool&, Function<std::unique_ptr<int>>);
