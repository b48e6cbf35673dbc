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

void Board::add_reason(Findings& findings, std::vector<std::string> lines, const std::string& compiler) {
  std::vector<std::string> split_up;
  for (const auto& each : lines) {
    for (const auto line : split_lines(each)) split_up.emplace_back(line);
  }
  lines = std::move(split_up);
  const std::lock_guard lock(mutex_);
  const auto known = std::find_if(findings.reasons.begin(), findings.reasons.end(),
                                  [&](const Findings::Reason& each) { return same_lines(each.lines, lines); });
  auto& reason =
      known != findings.reasons.end() ? *known : findings.reasons.emplace_back(Findings::Reason{std::move(lines), {}});
  if (!compiler.empty()) reason.compilers.push_back(compiler);
}

void Board::add_note(Findings& findings, const std::string& note) {
  const std::lock_guard lock(mutex_);
  if (std::find(findings.notes.begin(), findings.notes.end(), note) == findings.notes.end())
    findings.notes.push_back(note);
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
  for (const auto& reason : findings.reasons) {
    for (std::size_t i = 0; i < reason.lines.size(); ++i) {
      const auto with = i > 0 || reason.compilers.empty() ? "" : fmt::format(" ({})", join(reason.compilers, ", "));
      print(fmt::format("  {}{}{}", i == 0 ? "- " : "    ", reason.lines[i], with));
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
