#include <algorithm>
#include <string>
#include <string_view>

#include "reading/compiler_output.hpp"
#include "text/text.hpp"

namespace runner {
namespace {

constexpr std::string_view stopped_words[] = {
    "Killed signal terminated program", "out of memory",           "virtual memory exhausted",
    "internal compiler error",          "frontend command failed", "unable to execute command",
    "No space left on device",          "terminated with signal",  "error while loading shared libraries",
    "Cannot allocate memory",           "terminated by signal",
};

bool stopped(std::string_view line) {
  if (line == "Killed" || line == "Segmentation fault" || line == "Terminated") return true;
  if (line.starts_with("/bin/sh: ") && line.ends_with("not found")) return true;
  for (const auto words : stopped_words) {
    if (line.find(words) != std::string_view::npos) return true;
  }
  return false;
}

Diagnostic of(Kind kind, std::string_view message) {
  Diagnostic result;
  result.kind = kind;
  result.severity = "error";
  result.message = with_repository_paths(plain_quotes(message));
  return result;
}

}  // namespace

Diagnostic read_other_failure(const Edge& edge) {
  std::string_view first;
  for (const auto raw : split_lines(edge.text)) {
    const auto line = trimmed(raw.substr(0, 2000));
    if (edge.targets == "build.ninja") {
      const auto path = std::min(line.find_first_not_of("./"), line.size());
      if (line.find("ERROR: ") != std::string_view::npos) return of(Kind::build_files, line.substr(path));
    } else if (stopped(line)) {
      return of(Kind::compiler_stopped, line);
    }
    if (first.empty()) first = line;
  }
  if (edge.targets == "build.ninja") return of(Kind::build_files, first);
  return of(Kind::other, first.empty() ? "the command failed and printed nothing" : first);
}

}  // namespace runner
