#include "pictures/thread_cost.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <latch>
#include <system_error>
#include <thread>

#include "text/text.hpp"

namespace runner {
namespace {

constexpr std::chrono::seconds creation_limit{10};
constexpr double many_requests = 10'000'000;

struct MemoryInUse {
  double resident = 0;
  double reserved = 0;
  std::optional<double> in_kernel;
};

// In bytes (proc(5): statm counts pages; meminfo's KernelStack is that of the whole machine).
MemoryInUse memory_in_use() {
  MemoryInUse memory;
  const auto page = static_cast<double>(sysconf(_SC_PAGESIZE));
  std::ifstream("/proc/self/statm") >> memory.reserved >> memory.resident;
  memory.reserved *= page;
  memory.resident *= page;
  std::ifstream facts("/proc/meminfo");
  std::string word;
  while (facts >> word && word != "KernelStack:") continue;
  if (double kib = 0; facts >> kib) memory.in_kernel = kib * 1024;
  return memory;
}

// Threads that wait until this object is destroyed.
class WaitingThreads {
 public:
  WaitingThreads() = default;
  WaitingThreads(const WaitingThreads&) = delete;
  WaitingThreads& operator=(const WaitingThreads&) = delete;
  ~WaitingThreads() { end_.count_down(); }  // the threads are joined by their own destructors

  // Throws std::system_error when the machine refuses.
  void add() {
    threads_.emplace_back([this] {
      ++waiting_;
      waiting_.notify_one();
      end_.wait();
    });
  }

  void until_all_wait() {
    const int all = static_cast<int>(threads_.size());
    for (int seen = waiting_; seen != all; seen = waiting_) waiting_.wait(seen);
  }

  int count() const { return static_cast<int>(threads_.size()); }

 private:
  std::latch end_{1};  // outlives the threads, which wait for it
  std::atomic<int> waiting_{0};
  std::vector<std::jthread> threads_;
};

std::string size_in_words(double bytes) {
  constexpr double kib = 1024;
  if (bytes < 100 * kib) return fmt::format("{:.1f} KB", bytes / kib);
  if (bytes < 100 * kib * kib) return fmt::format("{:.1f} MB", bytes / kib / kib);
  if (bytes < 10'000 * kib * kib * kib) return fmt::format("{:.0f} GB", bytes / kib / kib / kib);
  return fmt::format("{:.0f} TB", bytes / kib / kib / kib / kib);
}

}  // namespace

ThreadCost measure_threads(int asked, const std::stop_token& stop) {
  ThreadCost cost;
  cost.asked = asked;
  const auto before = memory_in_use();
  WaitingThreads threads;
  const auto started = std::chrono::steady_clock::now();
  try {
    while (threads.count() < asked && !stop.stop_requested()) {
      if (std::chrono::steady_clock::now() - started > creation_limit) {
        cost.refusal = "creating them took too long";
        break;
      }
      threads.add();
    }
  } catch (const std::exception& error) {
    cost.refusal = error.what();
  }
  threads.until_all_wait();
  cost.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  const auto with_them = memory_in_use();
  cost.created = threads.count();
  cost.resident = std::max(with_them.resident - before.resident, 0.0);
  cost.reserved = std::max(with_them.reserved - before.reserved, 0.0);
  if (before.in_kernel && with_them.in_kernel && *with_them.in_kernel > *before.in_kernel) {
    cost.in_kernel = *with_them.in_kernel - *before.in_kernel;
  }
  return cost;
}

std::optional<ThreadLimit> thread_limit() {
  std::optional<ThreadLimit> least;
  const auto consider = [&](const char* file, const char* setting, long per_thread) {
    long number = 0;
    if (!(std::ifstream(file) >> number)) return;  // "max" is no number
    if (!least || number / per_thread < least->most) least = {number / per_thread, setting};
  };
  consider("/proc/sys/kernel/threads-max", "kernel.threads-max", 1);
  consider("/proc/sys/kernel/pid_max", "kernel.pid_max", 1);
  consider("/proc/sys/vm/max_map_count", "vm.max_map_count", 2);  // a stack, and the guard page below it
  consider("/sys/fs/cgroup/pids.max", "pids.max of its control group", 1);
  return least;
}

std::vector<std::string> thread_cost_lines(const ThreadCost& cost, const std::optional<ThreadLimit>& limit) {
  std::vector<std::string> lines;
  if (!cost.refusal.empty()) {
    lines.push_back(fmt::format("This machine gave {} of {} threads, and no more: {}", cost.created, cost.asked,
                                printable(cost.refusal)));
  }
  if (cost.created == 0) return lines;
  const auto each = [&](double all) { return all / cost.created; };
  const double memory = each(cost.resident + cost.in_kernel.value_or(0));
  lines.push_back(fmt::format("{} that wait, created one after the other. Each cost, on this machine:",
                              counted(cost.created, "thread")));
  lines.emplace_back();
  const auto line = [&](std::string_view what, const std::string& amount, std::string_view note = "") {
    lines.push_back(fmt::format("  {:<24}{:>10}{}{}", what, amount, note.empty() ? "" : "  ", note));
  };
  line("to create", fmt::format("{:.1f} µs", each(cost.seconds) * 1e6));
  line("memory in use", size_in_words(each(cost.resident)), "its stack, as far as it was used");
  if (cost.in_kernel) line("memory in the kernel", size_in_words(each(*cost.in_kernel)), "its stack there");
  line("address space", size_in_words(each(cost.reserved)), "reserved for its stack");
  lines.emplace_back();
  lines.emplace_back("Ten million requests at the same time, with a thread each, would take");
  lines.emplace_back();
  line("to create them", fmt::format("{:.0f} s", each(cost.seconds) * many_requests));
  line("memory", size_in_words(memory * many_requests), "before a byte of a request is read");
  line("address space", size_in_words(each(cost.reserved) * many_requests), "a process has 128 TB on x86-64");
  if (limit) {
    lines.emplace_back();
    lines.push_back(fmt::format("But at most {} threads are allowed here ({}).", limit->most, limit->setting));
  }
  return lines;
}

}  // namespace runner
