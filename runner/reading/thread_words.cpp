#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "reading/thread_places.hpp"
#include "text/text.hpp"

namespace runner {
namespace {

std::string_view in_words(Wait wait) {
  switch (wait) {
    case Wait::nothing:
      return "";
    case Wait::condition:
      return "for a notification";
    case Wait::mutex:
      return "for a mutex that another thread holds";
    case Wait::join:
      return "in join for a thread to end";
    case Wait::meeting:
      return "for a latch, future or semaphore";
    case Wait::accept:
      return "in accept for a client";
    case Wait::receive:
      return "in recv for bytes";
    case Wait::send:
      return "in send until the other side reads";
    case Wait::read:
      return "in read for bytes";
    case Wait::poll:
      return "in poll for an event";
    case Wait::process:
      return "for a process to end";
    case Wait::sleep:
      return "";
    case Wait::system:
      return "in a call of the system";
  }
  return "";
}

std::string doing(const ThreadPlace& thread, std::size_t count) {
  const bool one = count == 1;
  if (thread.wait == Wait::nothing) return one ? "is running" : "are running";
  if (thread.wait == Wait::sleep) return one ? "sleeps" : "sleep";
  if (thread.wait == Wait::mutex && thread.holder == thread.id && thread.id != 0)
    return "waits for a mutex that it holds itself";
  return fmt::format("{} {}", one ? "waits" : "wait", in_words(thread.wait));
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
  return !threads.empty() &&
         std::all_of(threads.begin(), threads.end(), [wait](const auto* each) { return each->wait == wait; });
}

bool some_wait(const Threads& threads, Wait wait) {
  return std::any_of(threads.begin(), threads.end(), [wait](const auto* each) { return each->wait == wait; });
}

const ThreadPlace* holder_of(const ThreadPicture& picture, const ThreadPlace& waiting) {
  const auto found = std::find_if(picture.threads.begin(), picture.threads.end(), [&](const ThreadPlace& each) {
    return waiting.wait == Wait::mutex && waiting.holder != 0 && each.id == waiting.holder;
  });
  return found == picture.threads.end() ? nullptr : &*found;
}

// Whether a worker stands in a job, not in the pool's own code.
bool runs_a_job(const ThreadPlace& thread) {
  return thread.file.find("pool") == std::string::npos &&
         std::any_of(thread.outer.begin(), thread.outer.end(),
                     [](const std::string& name) { return name.find("work") != name.npos || name == "run"; });
}

std::string about_mutexes(const ThreadPicture& picture) {
  for (const auto& thread : picture.threads) {
    const auto* holder = holder_of(picture, thread);
    if (holder == nullptr) continue;
    if (holder == &thread) {
      return "A thread locks a mutex that it has locked already, further out: a std::mutex does not let it in twice.";
    }
    if (holder_of(picture, *holder) == &thread) {
      return "Two threads wait for each other's mutex: take the locks in the same order everywhere, or both at once "
             "(std::scoped_lock).";
    }
    if (holder->wait == Wait::mutex) continue;
    if (holder->wait == Wait::join) {
      return "The thread that waits in join holds the mutex that the others need in order to end: release it before "
             "join.";
    }
    if (runs_a_job(*holder)) {
      return "The lock is held while the job runs: whoever needs the mutex waits until that job is over.";
    }
    return fmt::format("The mutex is held by the thread at {}:{}: a lock is to be released before anything that waits.",
                       holder->file.substr(holder->file.rfind('/') + 1), holder->line);
  }
  return {};
}

bool is_in_pool(const ThreadPlace& thread) {
  return thread.file.find("pool") != std::string::npos || runs_a_job(thread);
}

// The workers wait for a notification; what about it depends on the one that runs main.
std::string about_notifications(const ThreadPicture& picture, const Threads& main) {
  if (all_wait(main, Wait::join)) {
    return "Nobody wakes the workers that main waits for: was the stop flag set, and notify_all called after that?";
  }
  if (picture.queued && *picture.queued > 0) {
    return fmt::format(
        "The queue holds {}, and nobody told a worker after it came (or the predicate does not look there).",
        counted(*picture.queued, "job"));
  }
  if (picture.queued && all_wait(main, Wait::meeting)) {
    return "The queue is empty, the workers wait for a job, and main waits for a job that nobody has any more.";
  }
  if (all_wait(main, Wait::accept)) return {};  // at rest, as a server should be
  return "Nobody wakes the workers: does whoever adds a job call notify?";
}

}  // namespace

std::vector<std::string> lines_of(const ThreadPicture& picture) {
  std::map<std::tuple<bool, std::string, int, std::string, std::string>, std::vector<const ThreadPlace*>> groups;
  for (const auto& thread : picture.threads) {
    groups[{!thread.main, thread.file, thread.line, thread.function, doing(thread, 1)}].push_back(&thread);
  }
  std::vector<std::string> lines;
  for (const auto& [_, threads] : groups) {
    const auto& first = *threads.front();
    const auto count = threads.size();
    lines.push_back(
        fmt::format("{}: {}, {}:{} in {}", first.main ? "main thread" : counted(static_cast<int>(count), "thread"),
                    doing(first, count), first.file.substr(first.file.rfind('/') + 1), first.line, first.function));
  }
  return lines;
}

std::string meaning_of(const ThreadPicture& picture) {
  const auto main = select(picture, true);
  const auto workers = select(picture, false);
  if (auto words = about_mutexes(picture); !words.empty()) return words;
  if (some_wait(main, Wait::nothing) || some_wait(workers, Wait::nothing)) {
    return "A thread that is running and comes to no end is in a loop: what is to end it?";
  }
  if (all_wait(workers, Wait::condition)) return about_notifications(picture, main);
  if (workers.empty() && all_wait(main, Wait::receive)) {
    return "One thread serves one client at a time: while this client says nothing, nobody else is answered.";
  }
  if (all_wait(workers, Wait::receive)) {
    if (all_wait(main, Wait::join) && main.front()->function.starts_with('~')) {
      return "main waits for threads to end, and each of them waits for a client that says nothing.";
    }
    if (all_wait(main, Wait::join)) {
      return "Whoever accepts clients waits in join for the thread of one of them: until that client is done, nobody "
             "else is let in.";
    }
    if (std::none_of(workers.begin(), workers.end(), [](const auto* each) { return is_in_pool(*each); })) {
      return "The server waits for its clients: each thread for one that says nothing, and main for the next.";
    }
    return "Every worker is occupied by a client that says nothing: whoever comes next waits until one is free.";
  }
  if (all_wait(workers, Wait::meeting) && (all_wait(main, Wait::join) || all_wait(main, Wait::meeting))) {
    return "Each thread waits for others to come as far as it is, and nobody is left who could: too few threads run "
           "at the same time.";
  }
  if (workers.empty() && all_wait(main, Wait::meeting)) {
    return "main waits for something that another thread should do, and no other thread is there.";
  }
  if (workers.empty() && all_wait(main, Wait::condition)) {
    return "main waits to be notified, and no other thread is there to do it.";
  }
  return {};
}

}  // namespace runner
