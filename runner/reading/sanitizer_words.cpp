#include "reading/sanitizer_words.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <tuple>
#include <utility>

#include "text/text.hpp"

namespace runner {
namespace {

// How UBSan's sentences begin, and what to call them.
constexpr std::pair<std::string_view, std::string_view> undefined_kinds[] = {
    {"execution reached the end of a value-returning function", "missing return"},
    {"execution reached an unreachable", "unreachable code"},
    {"load of null pointer", "null pointer"},
    {"store to null pointer", "null pointer"},
    {"member access within null pointer", "null pointer"},
    {"member call on null pointer", "null pointer"},
    {"reference binding to null pointer", "null pointer"},
    {"null pointer passed as", "null pointer"},
    {"applying", "pointer overflow"},
    {"addition of unsigned offset", "pointer overflow"},
    {"subtraction of unsigned offset", "pointer overflow"},
    {"index ", "index out of bounds"},
    {"shift exponent", "shift"},
    {"division by zero", "division by zero"},
    {"load of value", "invalid value"},
    {"load of misaligned", "misaligned address"},
    {"store to misaligned", "misaligned address"},
    {"member access within misaligned", "misaligned address"},
    {"member call on misaligned", "misaligned address"},
    {"reference binding to misaligned", "misaligned address"},
    {"member call on address", "wrong type"},
    {"member access within address", "wrong type"},
    {"downcast of address", "wrong type"},
};

std::string thread_in_words(std::string_view name) {
  if (name == "T0" || name == "main thread" || name == "main") return "the main thread";
  return name.starts_with("thread ") ? std::string(name) : fmt::format("thread {}", name);
}

std::string bytes_in_words(std::string_view count) {
  return fmt::format("{} byte{}", count, count == "1" ? "" : "s");
}

// The word after `key`, or nothing.
std::string_view word_after(std::string_view text, std::string_view key) {
  const auto rest = after(text, key);
  return rest.substr(0, rest.find_first_of(" ,:)("));
}

// Which thread: "thread T1" (ASan) or "by main thread" (TSan).
std::string by_thread(std::string_view text) {
  if (contains(text, "main thread")) return "the main thread";
  const auto name = word_after(text, "thread ");
  return name.empty() ? std::string("a thread") : thread_in_words(name);
}

// "READ of size 4 at 0x602 thread T0", "Previous atomic write of size 4 at 0x by thread T1 (mutexes: write M0)"
std::string access_in_words(std::string_view line) {
  const auto what = replaced(lowered(line.substr(0, line.find(" of size "))), "previous", "earlier");
  std::string result =
      fmt::format("{} of {} by {}", what, bytes_in_words(word_after(line, " of size ")), by_thread(line));
  const auto held = after(line, "mutexes: ");
  if (held.empty()) return result;
  const auto names = replaced(replaced(held.substr(0, held.find(')')), "write ", ""), "read ", "");
  return fmt::format("{}, which holds {}", result, names);
}

constexpr std::string_view was_started = " was started by ";

// One of the two places of a data race.
struct Access {
  bool writes = false;
  std::string_view by;     // "the main thread", "a thread"
  std::string_view locks;  // "M0, M1"; empty: none
  const Frame* frame = nullptr;
};

// "earlier write of 8 bytes by thread T1, which holds M0"
std::optional<Access> access_of(const ReportPart& part) {
  const std::string_view title = part.title;
  const auto size = title.find(" of ");
  if (size == title.npos || !contains(title, " byte") || part.elsewhere || part.frames.empty()) return std::nullopt;
  Access access;
  access.writes = contains(title.substr(0, size), "write");
  access.by = contains(title, " by the main thread") ? "the main thread" : "a thread";
  access.locks = after(title, ", which holds ");
  access.frame = &part.frames.front();
  return access;
}

std::string about_locks(const Access& first, const Access& second) {
  if (first.locks.empty() && second.locks.empty()) return "no lock is held at either place";
  if (!first.locks.empty() && !second.locks.empty()) return "a lock is held at each place, but not the same one";
  if (to_string(first.frame->place) == to_string(second.frame->place)) return "a lock is held by one of them only";
  const auto& held = first.locks.empty() ? second : first;
  const auto& free = first.locks.empty() ? first : second;
  return fmt::format("a lock is held at {}, and none at {}", short_place(held.frame->place),
                     short_place(free.frame->place));
}

// Which thread came second and how threads are numbered differs from run to run, so neither is told.
Lines race_lines(const SanitizerReport& report, std::array<Access, 2> both, const std::filesystem::path& root) {
  const auto key = [](const Access& access) {
    return std::tuple(access.frame->place.file, access.frame->place.line, !access.writes, access.by);
  };
  if (key(both[1]) < key(both[0])) std::swap(both[0], both[1]);
  Lines lines;
  const auto say = [&](std::string text) { lines.push_back({.field = Field::at, .text = std::move(text)}); };
  const auto tell = [&](std::string_view what, const Frame& frame) {
    say(fmt::format("{}, in {} ({})", what, function_in_words(frame.function), to_string(frame.place)));
    for (auto& line : source_line(root, frame.place))
      lines.push_back({.field = Field::at, .text = std::move(line), .as_it_is = true});
  };
  if (!report.variable.empty()) say(fmt::format("shared: {}", report.variable));
  // Whether it reads or writes at the moment differs, too, where one line does both.
  if (to_string(both[0].frame->place) == to_string(both[1].frame->place)) {
    tell("read and written by two threads", *both[0].frame);
  } else {
    for (const auto& each : both) tell(fmt::format("{} by {}", each.writes ? "write" : "read", each.by), *each.frame);
  }
  say(about_locks(both[0], both[1]));
  return lines;
}

// "thread T2" as "a thread started at main.cpp:21".
std::string without_numbers(std::string title, const std::vector<ReportPart>& parts) {
  for (auto at = title.find("thread T"); at != title.npos; at = title.find("thread T", at + 1)) {
    const auto end = std::min(title.find_first_not_of("0123456789", at + 8), title.size());
    if (end == at + 8) continue;
    const auto name = title.substr(at, end - at);
    std::string words = "another thread";
    for (const auto& part : parts) {
      if (!part.title.starts_with(name + std::string(was_started)) || part.elsewhere) continue;
      words = "a thread started at " + short_place(part.frames.front().place);
    }
    title.replace(at, end - at, words);
    at += words.size() - 1;
  }
  return title;
}

}  // namespace

std::string title_in_words(std::string_view line) {
  line = trimmed(line);
  while (line.ends_with(':')) line.remove_suffix(1);
  if (contains(line, " of size ") && line.find("Location is ") != 0) return access_in_words(line);
  if (line.starts_with("freed by ")) return fmt::format("freed by {}", by_thread(line));
  if (contains(line, "allocated by ")) return fmt::format("allocated by {}", by_thread(line));
  if (line.starts_with("Thread ") && contains(line, " created by ")) {
    const auto maker = after(line, " created by ");
    return fmt::format("thread {} was started by {}", word_after(line, "Thread "),
                       maker.starts_with("thread ") ? by_thread(maker) : thread_in_words(word_after(maker, "")));
  }
  if (contains(line, " leak of ")) {
    return fmt::format("{} in {} object{}, allocated by", bytes_in_words(word_after(line, " leak of ")),
                       word_after(line, ") in "), word_after(line, ") in ") == "1" ? "" : "s");
  }
  if (line.starts_with("Mutex ") && line.ends_with("created at")) {
    return fmt::format("mutex {} was made or first used", word_after(line, "Mutex "));
  }
  if (contains(line, " acquired here while holding mutex ")) {
    return fmt::format("{} locks mutex {} while it holds {}", by_thread(line), word_after(line, "Mutex "),
                       word_after(line, "while holding mutex "));
  }
  if (contains(line, "The signal is caused by a ")) {
    const bool write = contains(line, "WRITE memory access");
    return write ? "write to an address that is not the program's own"
                 : "read of an address that is not the program's own";
  }
  if (contains(line, "is located in stack of")) return "the variable lives in";
  return without_addresses(line);
}

std::string kind_of(Sanitizer tool, std::string_view message) {
  if (tool == Sanitizer::leak) return contains(message, "fatal error") ? "cannot run here" : "memory leak";
  if (tool == Sanitizer::undefined) {
    for (const auto& [beginning, kind] : undefined_kinds) {
      if (message.starts_with(beginning)) return std::string(kind);
    }
    return std::string(message.substr(0, message.find(':')));
  }
  if (message.starts_with("attempting double-free")) return "double-free";
  if (message.starts_with("attempting free on address")) return "bad-free";
  const std::string_view ends[] = {" on ", " (", ": ", "\n"};
  std::size_t end = message.size();
  for (const auto each : ends) end = std::min(end, message.find(each));
  return without_addresses(message.substr(0, end));
}

std::string without_addresses(std::string_view text) {
  std::string result;
  text = text.substr(0, text.find(" (pc 0x"));
  text = text.substr(0, text.find(" in thread T"));
  for (const auto word : split(text, ' ')) {
    const auto bare = word.substr(std::min(word.find_first_not_of("(["), word.size()));
    const bool number = bare.starts_with("0x") || bare.starts_with("pid=") || bare.starts_with("tid=");
    if (number) {
      for (const std::string_view before :
           {" on address", " at pc", " bp", " sp", " at", " on", " on unknown address"}) {
        if (result.ends_with(before)) result.resize(result.size() - before.size());
      }
    } else {
      if (!result.empty()) result += ' ';
      result += word;
    }
  }
  return result;
}

Lines lines_of(const SanitizerReport& report, const std::filesystem::path& root) {
  Lines lines{{.field = Field::sanitizer,
               .text = fmt::format("{}: {}", to_string(report.tool), report.message),
               .whole = report.kind}};
  if (report.kind == "data race") {
    std::vector<Access> found;
    for (const auto& part : report.parts) {
      if (const auto access = access_of(part)) found.push_back(*access);
    }
    if (found.size() == 2) {
      std::ranges::move(race_lines(report, {found[0], found[1]}, root), std::back_inserter(lines));
      return lines;
    }
  }
  if (!report.variable.empty())
    lines.push_back({.field = Field::at, .text = fmt::format("variable: {}", report.variable)});
  for (const auto& part : report.parts) {
    if (contains(part.title, was_started)) continue;  // told where the thread is named
    lines.push_back({.field = Field::at, .text = without_numbers(part.title, report.parts)});
    if (part.elsewhere) continue;
    for (const auto& frame : part.frames) lines.push_back(frame_line(frame, root));
  }
  return lines;
}

}  // namespace runner
