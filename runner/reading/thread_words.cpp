#include "reading/thread_words.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "text/text.hpp"

namespace runner {
namespace {

// What a thread waits for, as the words behind "waits".
constexpr std::pair<Wait, std::string_view> waits[] = {
    {Wait::condition, "for a notification"},
    {Wait::mutex, "for a mutex that another thread holds"},
    {Wait::join, "in join for a thread to end"},
    {Wait::meeting, "for a latch, future or semaphore"},
    {Wait::accept, "in accept for a client"},
    {Wait::receive, "in recv for bytes"},
    {Wait::send, "in send until the other side reads"},
    {Wait::read, "in read for bytes"},
    {Wait::poll, "in poll for an event"},
    {Wait::process, "for a process to end"},
    {Wait::system, "in a system call"},
};

std::string doing(const ThreadPlace& thread, std::size_t count) {
  const bool one = count == 1;
  if (thread.wait == Wait::nothing) return one ? "is running" : "are running";
  if (thread.wait == Wait::sleep) return one ? "sleeps" : "sleep";
  if (thread.wait == Wait::mutex && thread.holder == thread.id && thread.id != 0)
    return "waits for a mutex that it holds itself";
  const auto* words = std::ranges::find(waits, thread.wait, [](const auto& each) { return each.first; });
  return fmt::format("{} {}", one ? "waits" : "wait", words->second);
}

using Threads = std::vector<const ThreadPlace*>;

Threads select(const ThreadPicture& picture, bool main) {
  Threads found;
  for (const auto& thread : picture.threads) {
    if (thread.main == main) found.push_back(&thread);
  }
  return found;
}

bool all_wait(const Threads& threads, Wait wait) {
  return !threads.empty() && std::ranges::all_of(threads, [wait](const auto* each) { return each->wait == wait; });
}

bool some_wait(const Threads& threads, Wait wait) {
  return std::ranges::find(threads, wait, &ThreadPlace::wait) != threads.end();
}

const ThreadPlace* holder_of(const ThreadPicture& picture, const ThreadPlace& waiting) {
  if (waiting.wait != Wait::mutex || waiting.holder == 0) return nullptr;
  const auto found = std::ranges::find(picture.threads, waiting.holder, &ThreadPlace::id);
  return found == picture.threads.end() ? nullptr : &*found;
}

// Whether a worker stands in a job, not in the pool's own code.
bool runs_a_job(const ThreadPlace& thread) {
  return !contains(thread.file, "pool") &&
         std::ranges::any_of(thread.outer, [](const auto& name) { return contains(name, "work") || name == "run"; });
}

using Rule = std::optional<HangRule>;

Rule about_mutexes(const ThreadPicture& picture) {
  for (const auto& thread : picture.threads) {
    const auto* holder = holder_of(picture, thread);
    if (holder == nullptr) continue;
    if (holder == &thread) return HangRule{"mutex-locked-twice"};
    if (holder_of(picture, *holder) == &thread) return HangRule{"two-mutexes"};
    if (holder->wait == Wait::mutex) continue;
    if (holder->wait == Wait::join) return HangRule{"holder-joins"};
    if (runs_a_job(*holder)) return HangRule{"holder-runs-a-job"};
    return HangRule{"holder-elsewhere", {short_place({holder->file, holder->line})}};
  }
  return std::nullopt;
}

bool is_in_pool(const ThreadPlace& thread) {
  return contains(thread.file, "pool") || runs_a_job(thread);
}

// The workers wait for a notification; what about it depends on the one that runs main.
Rule about_notifications(const ThreadPicture& picture, const Threads& main) {
  if (all_wait(main, Wait::join)) return HangRule{"main-joins-sleepers"};
  if (picture.queued && *picture.queued > 0) return HangRule{"job-in-queue", {counted(*picture.queued, "job")}};
  if (picture.queued && all_wait(main, Wait::meeting)) return HangRule{"queue-empty"};
  if (all_wait(main, Wait::accept)) return std::nullopt;  // at rest, as a server should be
  return HangRule{"no-notification"};
}

Rule about_clients(const Threads& main, const Threads& workers) {
  const auto in_a_test = [](const auto* each) { return each->file.starts_with("tests/"); };
  if (std::ranges::any_of(main, in_a_test) || std::ranges::any_of(workers, in_a_test)) return std::nullopt;
  if (workers.empty()) {
    if (all_wait(main, Wait::receive)) return HangRule{"one-thread-one-client"};
    return std::nullopt;
  }
  if (!all_wait(workers, Wait::receive)) return std::nullopt;
  if (all_wait(main, Wait::join)) {
    const bool destructor = main.front()->function.starts_with('~');
    return HangRule{destructor ? "destructor-joins-clients" : "join-before-accept"};
  }
  if (std::ranges::any_of(workers, [](const auto* each) { return is_in_pool(*each); }))
    return HangRule{"pool-of-silent-clients"};
  return HangRule{all_wait(main, Wait::accept) ? "clients-are-silent" : "main-not-in-accept"};
}

}  // namespace

std::vector<std::string> lines_of(const ThreadPicture& picture) {
  std::map<std::tuple<bool, std::string, int, std::string, std::string>, Threads> groups;
  for (const auto& thread : picture.threads) {
    groups[{!thread.main, thread.file, thread.line, thread.function, doing(thread, 1)}].push_back(&thread);
  }
  std::vector<std::string> lines;
  for (const auto& [_, threads] : groups) {
    const auto& first = *threads.front();
    const auto count = threads.size();
    lines.push_back(fmt::format("{}: {}, {} in {}",
                                first.main ? "main thread" : counted(static_cast<int>(count), "thread"),
                                doing(first, count), short_place({first.file, first.line}), first.function));
  }
  return lines;
}

Rule rule_of(const ThreadPicture& picture) {
  const auto main = select(picture, true);
  const auto workers = select(picture, false);
  if (auto rule = about_mutexes(picture)) return rule;
  if (some_wait(main, Wait::nothing) || some_wait(workers, Wait::nothing)) return HangRule{"thread-is-running"};
  if (all_wait(workers, Wait::condition)) return about_notifications(picture, main);
  if (auto rule = about_clients(main, workers)) return rule;
  const bool main_needs_others = all_wait(main, Wait::join) || all_wait(main, Wait::meeting);
  const bool somebody_sleeps = some_wait(workers, Wait::condition);
  const bool all_meet_or_sleep = std::ranges::all_of(
      workers, [](const auto* each) { return each->wait == Wait::meeting || each->wait == Wait::condition; });
  if (some_wait(workers, Wait::meeting) && all_meet_or_sleep && main_needs_others &&
      (!somebody_sleeps || picture.queued.value_or(0) == 0)) {
    return HangRule{"not-enough-arrive"};
  }
  if (workers.empty() && all_wait(main, Wait::meeting)) return HangRule{"main-alone-at-a-latch"};
  if (workers.empty() && all_wait(main, Wait::condition)) return HangRule{"main-alone-waits"};
  return std::nullopt;
}

constexpr std::string_view rule_mark = "rule: ";

std::string told(const ThreadPicture& picture) {
  std::string text;
  for (const auto& line : lines_of(picture)) text += line + "\n";
  if (const auto rule = rule_of(picture)) {
    text += std::string(rule_mark) + rule->name;
    for (const auto& fact : rule->facts) text += "|" + fact;
    text += '\n';
  }
  return text;
}

std::optional<Line> thread_line(std::string_view text) {
  const auto inner = trimmed(text);
  if (inner.starts_with(rule_mark))
    return Line{.field = Field::rule, .text = std::string(inner.substr(rule_mark.size()))};
  // "main thread: waits …", "4 threads: wait …"
  const auto words = split(inner.substr(0, inner.find(": ")), ' ');
  const bool main = inner.starts_with("main thread: ");
  const bool threads = words.size() == 2 && to_number(words[0]) && words[1].starts_with("thread");
  if (!main && !threads) return std::nullopt;
  return Line{.field = Field::hang, .text = std::string(text)};
}

}  // namespace runner
