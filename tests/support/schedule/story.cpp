#include "schedule/story.hpp"

#include "report/report.hpp"

#include <dlfcn.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <map>
#include <string_view>
#include <vector>

namespace support::schedule {
namespace {

std::string name_of(int thread) {
  return thread == 0 ? "main" : "worker " + std::to_string(thread);
}

std::string waits_for(const Event& event) {
  switch (event.wait) {
    case Wait::nothing:
      return "";
    case Wait::lock:
    case Wait::share:
      return "waits for the lock";
    case Wait::condition:
      return "sleeps";
    case Wait::futex:
      return "waits for others";
    case Wait::end:
      return "waits for the end of " + name_of(event.number);
    case Wait::time:
      return "sleeps for a time";
    case Wait::others:
      return "waits until all others sleep";
  }
  return "";
}

std::string what_of(const Event& event) {
  switch (event.did) {
    case Did::starts:
      return "starts " + name_of(event.number);
    case Did::ends:
      return "ends";
    case Did::locks:
      return "locks";
    case Did::unlocks:
      return "unlocks";
    case Did::waits:
      return waits_for(event);
    case Did::goes_on:
      return event.wait == Wait::condition ? "wakes up" : event.wait == Wait::end ? "has waited" : "";
    case Did::wakes_by_itself:
      return "wakes up for no reason";
    case Did::runs_out:
      return "has waited for long enough";
    case Did::notifies:
      return event.number == 0 ? "WAKES NOBODY" : "wakes " + std::to_string(event.number);
    case Did::wakes:
      return event.number == 0 ? "" : "lets " + std::to_string(event.number) + " go on";
    case Did::is_held_up:
      return event.wait == Wait::condition ? "-- held up before it sleeps --" : "-- held up --";
  }
  return "";
}

// The offset of an address in this program's file; 0 for one in a library.
std::uintptr_t offset_of(void* address) {
  Dl_info here{};
  Dl_info there{};
  const bool known = ::dladdr(reinterpret_cast<void*>(&offset_of), &here) != 0 && ::dladdr(address, &there) != 0;
  if (!known || here.dli_fbase != there.dli_fbase) return 0;
  return reinterpret_cast<std::uintptr_t>(address) - reinterpret_cast<std::uintptr_t>(here.dli_fbase);
}

// "FILE:LINE" of each call in this program, as addr2line says: of a function that the compiler has put into its
// callers, those as well.
std::map<void*, std::vector<std::string>> places_of(const Board& board) {
  std::vector<void*> calls;
  const auto add_calls_of = [&](const Event& event) {
    for (void* const call : event.calls) {
      if (call != nullptr && offset_of(call) != 0) calls.push_back(call);
    }
  };
  std::for_each(board.events, board.events + board.event_count, add_calls_of);
  if (board.is_guided) std::for_each(board.stands, board.stands + most_threads, add_calls_of);
  std::sort(calls.begin(), calls.end());
  calls.erase(std::unique(calls.begin(), calls.end()), calls.end());

  char path[4096];
  const ssize_t length = ::readlink("/proc/self/exe", path, sizeof path);
  if (length <= 0) return {};
  std::string command = "addr2line -a -i -e '" + std::string(path, static_cast<std::size_t>(length)) + "'";
  for (void* const call : calls) {
    char offset[32];
    std::snprintf(offset, sizeof offset, " %zx", static_cast<std::size_t>(offset_of(call)));
    command += offset;
  }
  std::map<void*, std::vector<std::string>> places;
  std::FILE* const output = ::popen((command + " 2>/dev/null").c_str(), "re");
  if (output == nullptr) return {};
  auto call = calls.begin();
  char line[8192];
  for (std::vector<std::string>* of_call = nullptr; std::fgets(line, sizeof line, output) != nullptr;) {
    const std::string_view text{line};
    if (text.starts_with("0x")) {  // the address, before its places
      of_call = call == calls.end() ? nullptr : &places[*call++];
    } else if (of_call != nullptr) {
      of_call->push_back(report::path_in_repository(text.substr(0, text.find_first_of(" \n"))));
    }
  }
  ::pclose(output);
  return places;
}

bool is_learners(std::string_view place) {
  return place.starts_with("steps/") || place.starts_with("solutions/");
}

bool is_a_tests(std::string_view place) {
  return place.starts_with("tests/") && !place.starts_with("tests/support/") &&
         place.find("/implement_tested_pool.hpp") == place.npos && place.find("/tested_pool.hpp") == place.npos;
}

std::string place_of(const Event& event, const std::map<void*, std::vector<std::string>>& places) {
  for (const auto& wanted : {is_learners, is_a_tests}) {
    for (void* const call : event.calls) {
      const auto found = places.find(call);
      if (found == places.end()) continue;
      for (const std::string& place : found->second) {
        if (wanted(place)) return place;
      }
    }
  }
  return "";
}

}  // namespace

std::string story_of(const Board& board) {
  const auto places = places_of(board);
  std::string story;
  std::map<int, std::string> waiting;
  std::map<const void*, int> locks;  // numbered as they come
  for (int i = 0; i < board.event_count; ++i) {
    const Event& event = board.events[i];
    const std::string what = what_of(event);
    waiting[event.thread] = event.did == Did::waits ? what : "";
    if (what.empty()) continue;
    int lock = 0;
    if (event.object != nullptr)
      lock = locks.try_emplace(event.object, static_cast<int>(locks.size()) + 1).first->second;
    story += "# story: " + std::to_string(event.thread) + "|" + place_of(event, places) + "|" + what + "|" +
             std::to_string(lock) + "|" + std::to_string(event.jobs) + "\n";
  }
  if (places.empty()) return "";
  for (const auto& [thread, what] : waiting) {
    if (board.verdict == Verdict::deadlock && !what.empty())
      story += "# story ends: " + name_of(thread) + " " + what + "\n";
  }
  const bool goes_on =
      board.verdict == Verdict::endless || board.verdict == Verdict::works || board.verdict == Verdict::dozes;
  if (goes_on) story += "# story goes on\n";
  if (!story.empty()) story += "# story switches: " + std::to_string(board.switches) + "\n";
  return story;
}

std::string choices_of(const Board& board) {
  const auto places = board.option_count > 0 ? places_of(board) : std::map<void*, std::vector<std::string>>{};
  std::string choices;
  for (int i = 0; i < board.option_count; ++i) {
    const Option& option = board.options[i];
    std::string what = "goes on";
    if (option.why == Why::nothing) what = "wakes up for no reason";
    if (option.why == Why::time) what = "has waited for long enough";
    if (option.why == Why::ready && (option.wait == Wait::lock || option.wait == Wait::share)) what = "locks";
    if (option.why == Why::ready && option.wait == Wait::condition) what = "wakes up";
    const std::string place = place_of(board.stands[option.thread], places);
    choices += "# choice: " + std::to_string(option.thread) + "|" + place + "|" + what + "\n";
  }
  return choices;
}

}  // namespace support::schedule
