#include "verify/board.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstdio>

#include "text/text.hpp"
#include "verify/transcript.hpp"

namespace runner {

void Board::print(const std::string& line) {
  clear();
  fmt::print("{}\n", line);
  std::fflush(stdout);
}

void Board::clear() {
  if (progress_shown_) fmt::print("\r\x1b[K");
  progress_shown_ = false;
}

void Board::say(const std::string& line) {
  const std::lock_guard lock(mutex_);
  print(line);
}

void Board::doing(const std::string& what) {
  if (!terminal_) return;
  const std::lock_guard lock(mutex_);
  fmt::print("\r\x1b[K{}", cut_to_width(what, width_ - 1));
  std::fflush(stdout);
  progress_shown_ = true;
}

void Board::add_reason(Findings& findings, const std::string& text, const std::string& compiler) {
  const std::lock_guard lock(mutex_);
  auto& reasons = findings.reasons;
  auto reason = std::ranges::find(reasons, normalised(text), [](const auto& each) { return normalised(each.text); });
  if (reason == reasons.end()) reason = reasons.insert(reason, {text, {}});
  if (!compiler.empty()) reason->compilers.push_back(compiler);
}

void Board::add_reasons(Findings& findings, const std::vector<std::string>& texts, const std::string& compiler) {
  for (const auto& text : texts) add_reason(findings, text, compiler);
}

void Board::add_note(Findings& findings, const std::string& note) {
  const std::lock_guard lock(mutex_);
  if (std::ranges::count(findings.notes, note) == 0) findings.notes.push_back(note);
}

void Board::add_notes(Findings& findings, const std::vector<std::string>& notes) {
  for (const auto& note : notes) add_note(findings, note);
}

void Board::add_run(Findings& findings) {
  const std::lock_guard lock(mutex_);
  ++findings.solution_runs;
}

void Board::finish(const Findings& findings) {
  const std::lock_guard lock(mutex_);
  const bool passes = findings.reasons.empty();
  ++(passes ? passed_ : failed_);
  std::string facts;
  if (findings.solution_runs > 0) {
    facts = fmt::format("  {} of the solution, {} rejected", counted(findings.solution_runs, "run"),
                        counted(findings.mistakes, "mistake"));
  }
  print(fmt::format("{:<24} {}{}", findings.name, passes ? "passed" : "FAILED", passes ? facts : ""));
  for (const auto& [text, compilers] : findings.reasons) {
    const auto with = compilers.empty() ? "" : fmt::format(" ({})", join(compilers, ", "));
    for (const auto line : split_lines(text)) {
      const bool first = line.data() == text.data();
      print(fmt::format("{}{}{}", first ? "  - " : "      ", line, first ? with : ""));
    }
  }
  for (const auto& note : findings.notes) print("  " + note);
}

int Board::close() {
  const std::lock_guard lock(mutex_);
  print(fmt::format("{} passed, {} failed", passed_, failed_));
  return failed_ == 0 ? 0 : 1;
}

}  // namespace runner
