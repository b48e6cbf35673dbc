#include "verify/screens.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <iterator>

#include "check/verdict.hpp"
#include "reading/diagnostics.hpp"
#include "reading/sanitizer_report.hpp"
#include "reading/thread_words.hpp"
#include "system/files.hpp"
#include "text/text.hpp"
#include "verify/mistake.hpp"

namespace runner {
namespace {

namespace fs = std::filesystem;

// What a test program ended with that printed this; nothing if it was not a test program.
std::optional<Finished> end_of_program(const std::string& output) {
  constexpr std::string_view signal = "ended by signal ";
  const auto lines = split_lines(output);
  if (lines.empty()) return std::nullopt;
  if (thread_line(lines.front())) return Finished{.end = End::overran, .hang = output};
  if (lines.back().starts_with(signal))
    return Finished{.end = End::killed_by_signal, .code = to_number(lines.back().substr(signal.size())).value_or(0)};
  const bool is_of_tests = output.starts_with("1..") || contains(output, "\n1..");
  if (is_of_tests || find_sanitizer_report(output)) return Finished{.end = End::exited, .code = 1};
  return std::nullopt;
}

std::string arrow_of(const std::string& output, const std::vector<std::string>& files, const Words& words) {
  Verdict verdict;
  if (const auto finished = end_of_program(output)) {
    if (finished->hang.empty()) verdict.full_text = output;
    judge_tests({.finished = *finished, .limit = {}, .output_limit = 0, .root = {}, .words = words}, verdict);
  } else if (const auto report = read_build(output, files); report.first) {
    verdict.detail = lines_of(*report.first, {});
  }
  explain(words, verdict);
  return shown_arrow(verdict);
}

}  // namespace

void look_at_screens(const Course& course, const std::string& folder, const std::vector<std::string>& files,
                     const Words& words, bool update, RowFindings& findings) {
  for (const auto& file : files_below(course.root(), fs::path("tests/screens") / folder)) {
    if (file.extension() != ".txt") continue;
    const auto text = read_file(course.root() / file);
    constexpr std::string_view head = "arrow: ";
    const auto end = text.find("\n\n");
    if (!text.starts_with(head) || end == std::string::npos || text.find('\n') != end) {
      findings.problems.push_back(
          fmt::format("{}: its first line must be \"arrow: …\", and its second empty", file.string()));
      continue;
    }
    const auto said = text.substr(head.size(), end - head.size());
    const auto output = text.substr(end + 2);
    const auto shown = arrow_of(printable(output), files, words);
    findings.reached.insert(shown);
    if (shown == said) continue;
    if (update) {
      write_file(course.root() / file, fmt::format("arrow: {}\n\n{}", shown, output));
      findings.notes.push_back(fmt::format("{}: its arrow is written anew: {}", file.filename().string(), shown));
    } else {
      findings.problems.push_back(
          fmt::format("{}: its head says arrow: {}\nbut it shows: {}", file.string(), said, shown));
    }
  }
}

void judge_rows(const std::vector<Row>& rows, RowFindings& findings) {
  for (const auto& row : rows) {
    if (findings.reached.contains(row.name())) continue;
    findings.problems.push_back(
        fmt::format("{}:{}: no mistake and no kept screen shows this row: {}", row.page, row.line, row.name()));
  }
}

RowFindings shared_row_findings(const Course& course, bool update) {
  auto words = words_of(course, {});  // of no stage: the shared tables alone
  // Sentences that stand below a report, or behind a signal's name, are rows that fit, as an arrow's.
  for (const auto* each : {&words.sanitizers, &words.signals}) std::ranges::copy(*each, std::back_inserter(words.rows));
  RowFindings findings;
  std::ranges::move(words.problems, std::back_inserter(findings.problems));
  std::set<std::string> folders;
  for (const auto& row : words.rows) folders.insert(fs::path(row.page).stem().string());
  for (const auto& each : folders) look_at_screens(course, each, {}, words, update, findings);
  judge_rows(words.rows, findings);
  return findings;
}

}  // namespace runner
