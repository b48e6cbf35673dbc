#include "report/report.hpp"

#include "report/threads.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <mutex>
#include <stdexcept>

namespace support {
namespace {

std::mutex mutex;  // guards what follows
std::vector<report::ServerEnd> all_ends;
std::vector<std::string> thread_lines;
pid_t sleeper = 0;

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// With handle_abort=1 a sanitizer tells where abort() was called; that is not a mistake that it has found.
constexpr std::string_view abort_stack = "Sanitizer: ABRT on ";

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != text.npos;
}

// The line of a sanitizer's report that names what it found, without the process number; empty for other lines.
std::string_view finding_in(std::string_view line) {
  if (contains(line, abort_stack)) return {};
  for (const std::string_view mark : {"AddressSanitizer: ", "ThreadSanitizer: ", "LeakSanitizer: "}) {
    const std::size_t at = line.find(mark);
    if (at != line.npos && (contains(line, "ERROR: ") || contains(line, "WARNING: "))) return line.substr(at);
  }
  const std::size_t at = line.find("runtime error: ");
  return at != line.npos ? line.substr(at) : std::string_view{};
}

// "AddressSanitizer: heap-use-after-free on address 0x6020…", without what differs from run to run.
std::string_view without_numbers(std::string_view finding) {
  for (const std::string_view end : {" on address ", " on unknown address ", " (pid="}) {
    finding = finding.substr(0, finding.find(end));
  }
  return finding;
}

// "solutions/10_dangling/main.cpp:31 in main" from "    #0 0x557d in main ../solutions/10_dangling/main.cpp:31:7";
// empty for what is no frame in a learner's file.
std::string learners_frame(std::string_view line) {
  const std::size_t hash = line.find_first_not_of(' ');
  if (hash == line.npos || line[hash] != '#') return {};
  for (const std::string_view folder : {"steps/", "solutions/", "mistakes/"}) {
    const std::size_t at = line.rfind(folder);
    if (at == line.npos) continue;
    const std::size_t path = line.rfind(' ', at) + 1;
    const std::size_t in = line.find(" in ");
    const std::size_t name = in < path ? in + 4 : line.find(' ', hash) + 1;
    std::string place = report::path_in_repository(line.substr(path, line.find(' ', at) - path));
    if (const auto column = place.find(':', place.find(':') + 1); column != place.npos) place.resize(column);
    return place + " in " + std::string{line.substr(name, path - 1 - name)};
  }
  return {};
}

}  // namespace

void (*report::failure_goes_to)(Place, const std::string&) = nullptr;

void fail_and_go_on(Place place, const std::string& text) {
  if (report::failure_goes_to != nullptr) report::failure_goes_to(place, text);
  ADD_FAIL_CHECK_AT(place.file, place.line, text);
}

void fail(Place place, const std::string& text) {
  if (report::failure_goes_to != nullptr) report::failure_goes_to(place, text);
  ADD_FAIL_AT(place.file, place.line, text);
  throw std::runtime_error(text);  // only with doctest's option --no-throw
}

namespace report {

void clear() {
  const std::lock_guard lock{mutex};
  all_ends.clear();
  thread_lines.clear();
  sleeper = 0;
}

void add(ServerEnd end) {
  const std::lock_guard lock{mutex};
  all_ends.push_back(std::move(end));
}

std::vector<ServerEnd> ends() {
  const std::lock_guard lock{mutex};
  return all_ends;
}

void note_sleeper(pid_t process) {
  const std::lock_guard lock{mutex};
  sleeper = process;
}

void look_at_sleeper() {
  const std::lock_guard lock{mutex};
  if (sleeper != 0) thread_lines = where_threads_stand(sleeper);
  sleeper = 0;
}

std::vector<std::string> threads() {
  const std::lock_guard lock{mutex};
  return thread_lines;
}

std::string whole_stderr() {
  std::string text;
  for (const ServerEnd& end : ends()) {
    text += end.stderr_text;
    if (!text.empty() && text.back() != '\n') text += '\n';
  }
  return text;
}

std::string sanitizer_finding(std::string_view stderr_text) {
  for (const std::string_view line : lines_of(stderr_text)) {
    const std::string_view finding = finding_in(line);
    if (finding.empty()) continue;
    return contains(line, "runtime error: ") ? "UndefinedBehaviorSanitizer: " + std::string{finding.substr(15)}
                                             : std::string{without_numbers(finding)};
  }
  return {};
}

std::vector<std::string> meaningful_lines(std::string_view stderr_text) {
  constexpr std::size_t most = 3;
  std::vector<std::string> lines;
  bool in_report = false;
  for (const std::string_view line : lines_of(stderr_text)) {
    if (in_report) {
      const std::string frame = learners_frame(line);
      if (!frame.empty() && lines.size() < most) lines.push_back(frame);
    } else if (contains(line, abort_stack)) {
      in_report = true;
      if (lines.size() == most) lines.erase(lines.begin());
    } else if (contains(line, "Sanitizer:DEADLYSIGNAL")) {
      continue;
    } else if (!finding_in(line).empty()) {
      in_report = true;
      lines.assign(1, contains(line, "runtime error: ") ? path_in_repository(line)
                                                        : std::string{without_numbers(finding_in(line))});
    } else if (line.find_first_not_of(" \t=") != line.npos) {
      lines.emplace_back(line);
      if (lines.size() > most) lines.erase(lines.begin());
    }
  }
  return lines;
}

// What a learner would read, so that a line is cut where theirs is: the files of a wrong solution and its copy of the
// tests lie in mistakes/NN_stage/name/.
std::string in_the_course(std::string_view path) {
  constexpr std::string_view mistakes = "mistakes/";
  const std::size_t stage_end = path.starts_with(mistakes) ? path.find('/', mistakes.size()) : path.npos;
  const std::size_t name_end = stage_end == path.npos ? path.npos : path.find('/', stage_end + 1);
  if (name_end == path.npos) return std::string{path};
  const std::string stage{path.substr(mistakes.size(), stage_end - mistakes.size())};
  const std::string_view file = path.substr(name_end + 1);
  return (file.starts_with(stage + ".cpp") ? "tests/" : "steps/" + stage + "/") + std::string{file};
}

std::string path_in_repository(std::string_view path) {
  std::size_t start = path.npos;
  for (const std::string_view folder : {"tests/", "steps/", "solutions/", "mistakes/", "runner/"}) {
    for (std::size_t at = path.rfind(folder); at != path.npos; at = at == 0 ? path.npos : path.rfind(folder, at - 1)) {
      if (at != 0 && path[at - 1] != '/') continue;
      if (start == path.npos || at > start) start = at;
      break;
    }
  }
  return in_the_course(start == path.npos ? path : path.substr(start));
}

}  // namespace report
}  // namespace support
