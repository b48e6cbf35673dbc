#include "diagnostics.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "compiler_output.hpp"
#include "ninja_output.hpp"
#include "text.hpp"

namespace runner {
namespace {

// An edge with what was found in its text.
struct Finding {
  Edge edge{};
  std::vector<Diagnostic> diagnostics{};

  const Diagnostic* first_error() const {
    const auto found = std::find_if(diagnostics.begin(), diagnostics.end(), is_error);
    return found == diagnostics.end() ? nullptr : &*found;
  }
};

int rank(const std::vector<std::string>& preferred, std::string_view file) {
  const auto found = std::find(preferred.begin(), preferred.end(), file);
  return static_cast<int>(found - preferred.begin());
}

// Objects are named after their sources, with `_` for `/`; a linker that has no debug information names only these.
std::string with_sources(std::string user, const std::vector<std::string>& sources) {
  for (const auto& source : sources) user = replaced(user, replaced(source, "/", "_"), source);
  return user;
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
    finding.diagnostics.insert(finding.diagnostics.end(), std::move_iterator(linker.begin()),
                               std::move_iterator(linker.end()));
  }
  finding.edge = std::move(edge);
  return finding;
}

// What decides which failure is read first; the last parts make the order independent of ninja's.
auto order_of(const Finding& finding, const std::vector<std::string>& preferred) {
  const Diagnostic* error = finding.first_error();
  const std::string& place = error != nullptr ? error->place.file : finding.edge.source;
  const int by_source = rank(preferred, finding.edge.source);
  const bool links = finding.edge.source.empty();
  return std::tuple(links, std::min(by_source, rank(preferred, place)), by_source, finding.edge.source,
                    finding.edge.targets);
}

// ninja's own: "'../../steps/…/main.cpp', needed by 'main.cpp.o', missing and no known rule to make it"
Diagnostic ninja_error(const std::string& text) {
  Diagnostic result;
  result.kind = Kind::build_files;
  result.severity = "error";
  result.message = with_repository_paths(plain_quotes(text));
  const auto end = result.message.find("', needed by '");
  if (!result.message.starts_with('\'') || end == std::string::npos) return result;
  result.kind = Kind::missing_source;
  result.name = result.message.substr(1, end - 1);
  result.place.file = result.name;
  return result;
}

using Seen = std::set<std::string>;

bool is_new(const Diagnostic& diagnostic, Seen& seen) {
  const Place& place = diagnostic.origin ? *diagnostic.origin : diagnostic.place;
  return seen.insert(fmt::format("{} {} {}", to_string(place, true), diagnostic.message, diagnostic.name)).second;
}

void count(BuildReport& report, const std::vector<Diagnostic>& diagnostics, Seen& seen) {
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

}  // namespace

BuildReport read_build(std::string_view ninja_output, const std::vector<std::string>& preferred) {
  BuildReport report;
  NinjaOutput ninja = read_ninja(ninja_output);
  std::vector<Finding> findings;
  for (auto& edge : ninja.edges) {
    if (!ninja.is_ninjas) edge.failed = true;
    findings.push_back(finding_of(std::move(edge), preferred));
  }
  std::stable_sort(findings.begin(), findings.end(), [&](const Finding& left, const Finding& right) {
    if (left.edge.failed != right.edge.failed) return left.edge.failed;
    return order_of(left, preferred) < order_of(right, preferred);
  });

  Seen seen;
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
  return report;
}

}  // namespace runner
