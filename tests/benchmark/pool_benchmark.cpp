#include <benchmark/benchmark.h>
#include <tbb/global_control.h>
#include <tbb/task_arena.h>
#include <tbb/task_group.h>

#include <asio/post.hpp>
#include <asio/thread_pool.hpp>
#include <cstddef>

#include "thread_pool.hpp"

// How long a pool takes for a million jobs that do nothing: from its start until all of them have run and its threads
// have ended. In milliseconds, which is nanoseconds for each job.

namespace {

constexpr int jobs = 1'000'000;

void course(benchmark::State& state) {
  for ([[maybe_unused]] auto round : state) {
    ThreadPool pool{static_cast<std::size_t>(state.range(0))};
    for (int i = 0; i < jobs; ++i) pool.execute([] {});
  }
}

void asio_pool(benchmark::State& state) {
  for ([[maybe_unused]] auto round : state) {
    asio::thread_pool pool{static_cast<std::size_t>(state.range(0))};
    for (int i = 0; i < jobs; ++i) asio::post(pool, [] {});
    pool.join();
  }
}

// Its threads stay for the next round. The thread that hands the jobs over counts as one of them: it helps while it
// waits, as TBB has it.
void tbb_group(benchmark::State& state) {
  const auto threads = static_cast<int>(state.range(0));
  const tbb::global_control limit{tbb::global_control::max_allowed_parallelism, static_cast<std::size_t>(threads)};
  tbb::task_arena arena{threads};
  for ([[maybe_unused]] auto round : state) {
    arena.execute([] {
      tbb::task_group group;
      for (int i = 0; i < jobs; ++i) group.run([] {});
      group.wait();
    });
  }
}

void as_asked(benchmark::internal::Benchmark* benchmark) {
  benchmark->Arg(2)->Arg(4)->Iterations(1)->UseRealTime()->Unit(benchmark::kMillisecond);
}

}  // namespace

BENCHMARK(course)->Apply(as_asked);
BENCHMARK(asio_pool)->Apply(as_asked);
BENCHMARK(tbb_group)->Apply(as_asked);

BENCHMARK_MAIN();
