#include <benchmark/benchmark.h>
#include <tbb/global_control.h>
#include <tbb/parallel_invoke.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <cstddef>
#include <random>
#include <vector>

#include "task_pool.hpp"

// Two computations in parts: one with parts that do next to nothing, and one with parts of some size. In milliseconds.

namespace {

constexpr int ints = 10'000'000;

template <class Fork>
int fibonacci(const Fork& fork, int n) {
  if (n < 2) return n;
  int one = 0;
  int other = 0;
  fork([&] { one = fibonacci(fork, n - 1); }, [&] { other = fibonacci(fork, n - 2); });
  return one + other;
}

// Each half by itself, and then both into one.
template <class Fork>
void sort(const Fork& fork, int* begin, int* end) {
  constexpr std::ptrdiff_t small = 5'000;
  if (end - begin <= small) return std::sort(begin, end);
  int* const middle = begin + (end - begin) / 2;
  fork([&] { sort(fork, begin, middle); }, [&] { sort(fork, middle, end); });
  std::inplace_merge(begin, middle, end);
}

template <class Fork>
void measure_fibonacci(benchmark::State& state, const Fork& fork) {
  for ([[maybe_unused]] auto round : state) benchmark::DoNotOptimize(fibonacci(fork, 30));
}

template <class Fork>
void measure_sort(benchmark::State& state, const Fork& fork) {
  std::vector<int> numbers(ints);
  for ([[maybe_unused]] auto round : state) {
    state.PauseTiming();
    std::generate(numbers.begin(), numbers.end(), std::minstd_rand{});
    state.ResumeTiming();
    sort(fork, numbers.data(), numbers.data() + numbers.size());
  }
}

// Calls `measure` with what runs two functions in the course's pool. The thread that calls is a third one.
template <class Measure>
void in_course(Measure measure) {
  TaskPool pool{2};
  measure([&](const auto& left, const auto& right) { pool.invoke(left, right); });
}

// The thread that calls counts as one of TBB's.
template <class Measure>
void in_tbb(Measure measure) {
  const tbb::global_control limit{tbb::global_control::max_allowed_parallelism, 2};
  tbb::task_arena arena{2};
  arena.execute([&] { measure([](const auto& left, const auto& right) { tbb::parallel_invoke(left, right); }); });
}

void course_fibonacci(benchmark::State& state) {
  in_course([&](const auto& fork) { measure_fibonacci(state, fork); });
}
void course_sort(benchmark::State& state) {
  in_course([&](const auto& fork) { measure_sort(state, fork); });
}
void tbb_fibonacci(benchmark::State& state) {
  in_tbb([&](const auto& fork) { measure_fibonacci(state, fork); });
}
void tbb_sort(benchmark::State& state) {
  in_tbb([&](const auto& fork) { measure_sort(state, fork); });
}

void as_asked(benchmark::internal::Benchmark* benchmark) {
  benchmark->Iterations(1)->MeasureProcessCPUTime()->UseRealTime()->Unit(benchmark::kMillisecond);
}

}  // namespace

BENCHMARK(course_fibonacci)->Apply(as_asked);
BENCHMARK(course_sort)->Apply(as_asked);
BENCHMARK(tbb_fibonacci)->Apply(as_asked);
BENCHMARK(tbb_sort)->Apply(as_asked);

BENCHMARK_MAIN();
