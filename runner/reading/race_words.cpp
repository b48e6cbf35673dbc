#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <tuple>

#include "reading/sanitizer_report.hpp"
#include "reading/sanitizer_words.hpp"
#include "system/files.hpp"
#include "text/text.hpp"

namespace runner {
namespace {

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
  constexpr std::string_view holds = ", which holds ";
  const std::string_view title = part.title;
  const auto size = title.find(" of ");
  if (size == title.npos || title.find(" byte") == title.npos || part.elsewhere || part.frames.empty())
    return std::nullopt;
  Access access;
  access.writes = title.substr(0, size).find("write") != title.npos;
  access.by = title.find(" by the main thread") != title.npos ? "the main thread" : "a thread";
  if (const auto at = title.find(holds); at != title.npos) access.locks = title.substr(at + holds.size());
  access.frame = &part.frames.front();
  return access;
}

std::string short_place(const Place& place) {
  return fmt::format("{}:{}", place.file.substr(place.file.rfind('/') + 1), place.line);
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
  const auto show_source = [&](const Place& place) {
    for (auto& line : source_line(root, place))
      lines.push_back({.field = Field::at, .text = std::move(line), .as_it_is = true});
  };
  if (!report.variable.empty()) say(fmt::format("shared: {}", report.variable));
  // Whether it reads or writes at the moment differs, too, where one line does both.
  if (to_string(both[0].frame->place) == to_string(both[1].frame->place)) {
    const auto& [function, place] = *both[0].frame;
    say(fmt::format("read and written by two threads, in {} ({})", function_in_words(function), to_string(place)));
    show_source(place);
  } else {
    for (const auto& access : both) {
      const auto& [function, place] = *access.frame;
      say(fmt::format("{} by {}, in {} ({})", access.writes ? "write" : "read", access.by, function_in_words(function),
                      to_string(place)));
      show_source(place);
    }
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

std::string function_in_words(const std::string& function) {
  // The name that doctest gives to a TEST_CASE says nothing.
  const auto at = function.find("DOCTEST_ANON_FUNC");
  return at == std::string::npos ? function : function.substr(0, at) + "the test";
}

std::vector<std::string> source_line(const std::filesystem::path& root, const Place& place) {
  std::error_code missing;
  if (root.empty() || !std::filesystem::is_regular_file(root / place.file, missing)) return {};
  return source_with_caret(read_file(root / place.file), {place.file, place.line, 0});
}

Line frame_line(const Frame& frame, const std::filesystem::path& root) {
  const auto function = function_in_words(frame.function);
  Line line{.field = Field::at, .indent = 2};
  line.text = function.empty() ? to_string(frame.place) : fmt::format("{} ({})", function, to_string(frame.place));
  line.whole = line.text;
  for (const auto& source : source_line(root, frame.place)) line.whole += " " + source;
  return line;
}

Lines lines_of(const SanitizerReport& report, const std::filesystem::path& root) {
  Lines lines{{.field = Field::sanitizer,
               .text = fmt::format("{}: {}", to_string(report.tool), report.message),
               .whole = report.kind}};
  const auto add = [&](Lines more) { std::move(more.begin(), more.end(), std::back_inserter(lines)); };
  if (report.kind == "data race") {
    std::vector<Access> found;
    for (const auto& part : report.parts) {
      if (const auto access = access_of(part)) found.push_back(*access);
    }
    if (found.size() == 2) {
      add(race_lines(report, {found[0], found[1]}, root));
      return lines;
    }
  }
  if (!report.variable.empty())
    lines.push_back({.field = Field::at, .text = fmt::format("variable: {}", report.variable)});
  for (const auto& part : report.parts) {
    if (part.title.find(was_started) != std::string::npos) continue;  // told where the thread is named
    lines.push_back({.field = Field::at, .text = without_numbers(part.title, report.parts)});
    if (part.elsewhere) continue;
    for (const auto& frame : part.frames) lines.push_back(frame_line(frame, root));
  }
  return lines;
}

}  // namespace runner
