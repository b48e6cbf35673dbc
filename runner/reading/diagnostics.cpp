#include "reading/diagnostics.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "reading/compiler_output.hpp"
#include "reading/diagnostic_words.hpp"
#include "reading/linker_output.hpp"
#include "reading/ninja_output.hpp"
#include "system/files.hpp"
#include "text/text.hpp"

namespace runner {
namespace {

bool is_error(const Diagnostic& diagnostic) {
  return diagnostic.kind != Kind::warning && diagnostic.severity != "remark";
}

// An edge with what was found in its text.
struct Finding {
  Edge edge{};
  std::vector<Diagnostic> diagnostics{};
  std::string order{};  // see order_of

  const Diagnostic* first_error() const {
    const auto found = std::ranges::find_if(diagnostics, is_error);
    return found == diagnostics.end() ? nullptr : &*found;
  }
};

int rank(const std::vector<std::string>& preferred, std::string_view file) {
  return static_cast<int>(std::ranges::find(preferred, file) - preferred.begin());
}

// Objects are named after their sources, with `_` for `/`; a linker that has no debug information names only these.
std::string with_sources(std::string user, const std::vector<std::string>& sources) {
  for (const auto& source : sources) user = replaced(user, replaced(source, "/", "_"), source);
  return user;
}

// What decides which failure is read first, smallest first: failed ones, compilers before linkers, the preferred files.
// The end makes the order independent of ninja's.
std::string order_of(const Finding& finding, const std::vector<std::string>& preferred) {
  const Diagnostic* error = finding.first_error();
  const Edge& edge = finding.edge;
  const int by_source = rank(preferred, edge.source);
  const int by_place = error != nullptr ? rank(preferred, error->place.file) : by_source;
  return fmt::format("{:d}{:d}{:04}{:04}{} {}", !edge.failed, edge.source.empty(), std::min(by_source, by_place),
                     by_source, edge.source, edge.targets);
}

constexpr std::string_view stopped_words[] = {
    "Killed signal terminated program", "out of memory",           "virtual memory exhausted",
    "internal compiler error",          "frontend command failed", "unable to execute command",
    "No space left on device",          "terminated with signal",  "error while loading shared libraries",
    "Cannot allocate memory",           "terminated by signal",
};

bool stopped(std::string_view line) {
  if (line == "Killed" || line == "Segmentation fault" || line == "Terminated") return true;
  if (line.starts_with("/bin/sh: ") && line.ends_with("not found")) return true;
  return std::ranges::any_of(stopped_words, [&](std::string_view words) { return contains(line, words); });
}

Diagnostic failure_of(Kind kind, std::string_view message) {
  Diagnostic result;
  result.kind = kind;
  result.severity = "error";
  result.message = with_repository_paths(plain_quotes(message));
  return result;
}

// Where neither a compiler nor a linker has said anything: one that was killed or is not there, a full disk, or words
// that are not known here.
Diagnostic read_other_failure(const Edge& edge) {
  std::string_view first;
  for (const auto raw : split_lines(edge.text)) {
    const auto line = trimmed(raw.substr(0, 2000));
    if (edge.targets == "build.ninja") {
      const auto path = std::min(line.find_first_not_of("./"), line.size());
      if (contains(line, "ERROR: ")) return failure_of(Kind::build_files, line.substr(path));
    } else if (stopped(line)) {
      return failure_of(Kind::compiler_stopped, line);
    }
    if (first.empty()) first = line;
  }
  if (edge.targets == "build.ninja") return failure_of(Kind::build_files, first);
  return failure_of(Kind::other, first.empty() ? "the command failed and printed nothing" : first);
}

Finding finding_of(Edge edge, const std::vector<std::string>& preferred) {
  Finding finding;
  finding.diagnostics = read_compiler_output(edge.text, preferred);
  if (edge.failed && finding.first_error() == nullptr) {
    auto linker = read_linker_output(edge.text);
    for (auto& diagnostic : linker) {
      for (auto& user : diagnostic.used_by) user = with_sources(std::move(user), preferred);
    }
    if (linker.empty()) linker.push_back(read_other_failure(edge));
    std::ranges::move(linker, std::back_inserter(finding.diagnostics));
  }
  finding.edge = std::move(edge);
  finding.order = order_of(finding, preferred);
  return finding;
}

// ninja's own: "'../../steps/…/main.cpp', needed by 'main.cpp.o', missing and no known rule to make it"
Diagnostic ninja_error(const std::string& text) {
  auto result = failure_of(Kind::build_files, text);
  const auto end = result.message.find("', needed by '");
  if (!result.message.starts_with('\'') || end == std::string::npos) return result;
  result.kind = Kind::missing_source;
  result.name = result.message.substr(1, end - 1);
  result.place.file = result.name;
  return result;
}

bool is_new(const Diagnostic& diagnostic, std::set<std::string>& seen) {
  const auto place = to_string(diagnostic.origin ? *diagnostic.origin : diagnostic.place, true);
  return seen.insert(fmt::format("{} {} {} {}", place, diagnostic.severity, diagnostic.message, diagnostic.name))
      .second;
}

void count(BuildReport& report, const std::vector<Diagnostic>& diagnostics, std::set<std::string>& seen) {
  for (const auto& diagnostic : diagnostics) {
    if (!is_new(diagnostic, seen)) continue;
    if (is_error(diagnostic)) {
      ++report.errors;
      if (!report.first) report.first = diagnostic;
    } else if (diagnostic.kind == Kind::warning) {
      ++report.warnings;
      if (!report.warning) report.warning = diagnostic;
    }
  }
}

void look_for_header(Diagnostic& diagnostic, const std::vector<std::string>& preferred) {
  if (diagnostic.kind != Kind::missing_header) return;
  for (const auto& file : preferred) {
    if (file.ends_with("/" + diagnostic.name)) diagnostic.to_make = file;
  }
}

}  // namespace

BuildReport read_build(std::string_view ninja_output, const std::vector<std::string>& preferred) {
  BuildReport report;
  NinjaOutput ninja = read_ninja(ninja_output);
  report.compiled = std::move(ninja.compiled);
  std::vector<Finding> findings;
  for (auto& edge : ninja.edges) {
    if (!ninja.is_ninjas) edge.failed = true;
    findings.push_back(finding_of(std::move(edge), preferred));
  }
  std::ranges::sort(findings, {}, &Finding::order);

  std::set<std::string> seen;
  std::vector<Diagnostic> own_errors;
  const bool regeneration = !findings.empty() && findings.front().edge.targets == "build.ninja";
  for (const auto& error : ninja.errors) {
    if (!regeneration) own_errors.push_back(ninja_error(error));
  }
  count(report, own_errors, seen);
  for (auto& finding : findings) {
    count(report, finding.diagnostics, seen);
    const bool says_something = finding.edge.failed || !finding.diagnostics.empty();
    if (says_something) report.edges.push_back(std::move(finding.edge));
  }
  if (report.first) look_for_header(*report.first, preferred);
  return report;
}

Lines lines_of(const Diagnostic& diagnostic, const std::filesystem::path& root) {
  Lines lines;
  const auto add = [&](Field field, std::string_view text, std::string whole = {}) {
    auto place = take_place(text);
    lines.push_back({.field = field, .text = std::string(text), .place = std::move(place), .whole = std::move(whole)});
  };
  for (const auto& each : diagnostic.context) add(Field::required, each);
  const auto message = shortened(diagnostic.message, 400);
  const bool placed = !diagnostic.place.file.empty();
  lines.push_back({.field = Field::compiler,
                   .text = placed ? fmt::format("{}: {}", diagnostic.severity, message) : message,
                   .place = diagnostic.place,
                   .whole = diagnostic.message});
  auto source = diagnostic.source_lines;
  if (source.empty() && diagnostic.place.line > 0) {
    const auto file = root / diagnostic.place.file;
    if (is_file(file)) source = source_with_caret(read_file(file), diagnostic.place);
  }
  for (auto& each : source) lines.push_back({.field = Field::source, .text = std::move(each), .as_it_is = true});
  constexpr std::size_t most_notes = 2;
  for (std::size_t i = 0; i < diagnostic.notes.size(); ++i) {
    if (i < most_notes) add(Field::note, shortened(diagnostic.notes[i], 160), diagnostic.notes[i]);
  }
  if (diagnostic.origin)
    lines.push_back({.text = fmt::format("(the error itself lies in {})", to_string(*diagnostic.origin))});
  if (auto words = in_words(diagnostic); !words.empty()) lines.push_back({.text = std::move(words)});
  return lines;
}

Lines lines_of_warning(const Diagnostic& warning, const std::filesystem::path& root) {
  auto lines = lines_of(warning, root);
  std::erase_if(lines, [](const Line& line) { return line.field != Field::compiler && line.field != Field::source; });
  for (auto& line : lines) line.field = Field::warning;
  return lines;
}

}  // namespace runner
