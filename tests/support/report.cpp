#include "report.hpp"

#include <doctest/doctest.h>

#include <mutex>
#include <stdexcept>

namespace support {
namespace {

std::mutex mutex;                     // guards all_ends
std::vector<report::ServerEnd> all_ends;

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

bool contains(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

// The line of a sanitizer's report that names what it found, without the process number; empty for other lines.
std::string_view finding_in(std::string_view line) {
  for (const std::string_view mark : {"AddressSanitizer: ", "ThreadSanitizer: ", "LeakSanitizer: "}) {
    const std::size_t at = line.find(mark);
    if (at != line.npos && (contains(line, "ERROR: ") || contains(line, "WARNING: "))) return line.substr(at);
  }
  const std::size_t at = line.find("runtime error: ");
  return at != line.npos ? line.substr(at) : std::string_view{};
}

}  // namespace

void fail_and_go_on(Place place, const std::string& text) { ADD_FAIL_CHECK_AT(place.file, place.line, text); }

void fail(Place place, const std::string& text) {
  ADD_FAIL_AT(place.file, place.line, text);
  throw std::runtime_error(text);  // only with doctest's option --no-throw
}

namespace report {

void clear() {
  const std::lock_guard lock{mutex};
  all_ends.clear();
}

void add(ServerEnd end) {
  const std::lock_guard lock{mutex};
  all_ends.push_back(std::move(end));
}

std::vector<ServerEnd> ends() {
  const std::lock_guard lock{mutex};
  return all_ends;
}

std::string sanitizer_finding(std::string_view stderr_text) {
  for (const std::string_view line : lines_of(stderr_text)) {
    std::string_view finding = finding_in(line);
    if (finding.empty()) continue;
    finding = finding.substr(0, finding.find(" on address "));
    finding = finding.substr(0, finding.find(" (pid="));
    return contains(line, "runtime error: ") ? "UndefinedBehaviorSanitizer: " + std::string{finding.substr(15)}
                                             : std::string{finding};
  }
  return {};
}

std::vector<std::string> meaningful_lines(std::string_view stderr_text) {
  constexpr std::size_t most = 3;
  std::vector<std::string> lines;
  bool in_report = false;
  for (const std::string_view line : lines_of(stderr_text)) {
    if (const std::string_view finding = finding_in(line); !finding.empty() && !in_report) {
      in_report = true;
      lines.assign(1, contains(line, "runtime error: ") ? path_in_repository(line) : std::string{finding});
    } else if (in_report) {
      const bool learners = contains(line, "steps/") || contains(line, "solutions/") || contains(line, "mistakes/");
      if (!contains(line, "    #") || !learners || lines.size() == most) continue;
      const std::size_t path = line.rfind(' ');
      const std::string_view call = line.substr(0, path);
      const std::size_t name = call.find(" in ");
      lines.push_back(path_in_repository(line.substr(path + 1)) + ": in " +
                      std::string{name == call.npos ? call : call.substr(name + 4)});
    } else if (line.find_first_not_of(" \t=") != line.npos) {
      lines.emplace_back(line);
      if (lines.size() > most) lines.erase(lines.begin());
    }
  }
  return lines;
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
  return std::string{start == path.npos ? path : path.substr(start)};
}

}  // namespace report
}  // namespace support
