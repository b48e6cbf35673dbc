#include "verify/transcript.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <regex>

#include "text/text.hpp"

namespace runner {
namespace {

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  for (const auto line : split_lines(text)) lines.emplace_back(line);
  return lines;
}

// Beside each other where each line fits into its half, else below each other. The first line of each is its heading.
std::vector<std::string> side_by_side(const std::vector<std::string>& left, const std::vector<std::string>& right,
                                      int width) {
  const int half = (width - 3) / 2;
  const auto fits = [&](const std::string& line) { return width_of(line) <= half; };
  std::vector<std::string> lines;
  if (!std::all_of(left.begin(), left.end(), fits) || !std::all_of(right.begin(), right.end(), fits)) {
    for (const auto* each : {&left, &right}) {
      lines.push_back(each->front() + ":");
      for (std::size_t i = 1; i < each->size(); ++i) lines.push_back("  " + (*each)[i]);
    }
    return lines;
  }
  int wide = 0;
  for (const auto& line : left) wide = std::max(wide, width_of(line));
  for (std::size_t i = 0; i < std::max(left.size(), right.size()); ++i) {
    const std::string cell = i < left.size() ? left[i] : "";
    const std::string blanks(static_cast<std::size_t>(wide - width_of(cell)), ' ');
    lines.push_back(fmt::format("{}{} | {}", cell, blanks, i < right.size() ? right[i] : ""));
  }
  return lines;
}

std::string block(const std::string& info, const std::vector<std::string>& lines) {
  return "```text " + info + "\n" + join(lines, "\n") + "\n```\n";
}

}  // namespace

std::string normalised(std::string_view line) {
  static const std::pair<std::regex, const char*> rules[] = {
      {std::regex(R"([0-9]+(\.[0-9]+)? ?(ms|s)\b)"), "TIME"},
      {std::regex(R"(127\.0\.0\.1:[0-9]+)"), "127.0.0.1:PORT"},
      {std::regex(R"(\bport [0-9]{4,5}\b)"), "port PORT"},
      {std::regex(R"(\b(pid|process) [0-9]+)"), "pid N"},
      {std::regex(R"(==[0-9]+==)"), "==N=="},
      {std::regex(R"(0x[0-9a-f]+)"), "ADDRESS"},
      {std::regex(R"(\s+)"), " "},
  };
  std::string text(line);
  for (const auto& [pattern, by] : rules) text = std::regex_replace(text, pattern, by);
  return std::string(trimmed(text));
}

bool same_lines(const std::vector<std::string>& left, const std::vector<std::string>& right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](const auto& a, const auto& b) { return normalised(a) == normalised(b); });
}

std::string family_of(const std::string& compiler) {
  return compiler.find("clang") != std::string::npos ? "clang" : "gcc";
}

bool words_are_compared(const std::string& compiler) {
  static const std::regex major(R"( ([0-9]+)\.)");
  std::smatch match;
  const auto version = std::regex_search(compiler, match, major) ? match[1].str() : "";
  return version == (family_of(compiler) == "clang" ? "14" : "12");
}

std::string first_place(const std::vector<std::string>& lines) {
  static const std::regex place(R"(\b(steps|tests|solutions|mistakes)/[^ :]+:[0-9]+)");
  for (const auto& line : lines) {
    std::smatch match;
    if (std::regex_search(line, match, place)) return match.str();
  }
  return "";
}

std::vector<std::string> lines_for_lesson(const Verdict& verdict) {
  auto lines = verdict.detail;
  std::erase_if(lines, [](const Line& line) {
    return line.field == Field::hang || line.text == "where the server's threads stand:";
  });
  return to_strings(lines);
}

bool fails_as_said(ShippedAs shipped_as, Outcome outcome) {
  switch (shipped_as) {
    case ShippedAs::build:
      return outcome == Outcome::build_fails;
    case ShippedAs::test:
      return outcome == Outcome::test_fails || outcome == Outcome::crashes;
    case ShippedAs::hang:
      return outcome == Outcome::hangs;
    case ShippedAs::sanitizer:
      return outcome == Outcome::sanitizer;
  }
  return false;
}

std::vector<std::string> transcript_problem(const Lesson& lesson, const std::string& lesson_file,
                                            const Verdict& verdict, const std::string& compiler, int width) {
  const auto* fence = lesson.transcript(family_of(compiler));
  if (fence == nullptr) return {};  // problems_of(lesson) says so
  const auto shown = lines_of(fence->text);
  const auto seen = lines_for_lesson(verdict);
  const bool equal = words_are_compared(compiler) ? same_lines(shown, seen) : first_place(shown) == first_place(seen);
  if (equal) return {};
  std::vector<std::string> left{"the lesson shows"};
  std::vector<std::string> right{"the step shows"};
  left.insert(left.end(), shown.begin(), shown.end());
  right.insert(right.end(), seen.begin(), seen.end());
  std::vector<std::string> lines{
      fmt::format("{}:{}: the step shows something else first (./learn verify --update writes what it shows)",
                  lesson_file, fence->line)};
  for (const auto& line : side_by_side(left, right, width - 4)) lines.push_back("  " + line);
  return lines;
}

std::string with_transcripts(std::string_view markdown, const Lesson& lesson, const std::vector<Seen>& seen) {
  const auto find = [&](std::string_view family) {
    const auto found = std::find_if(seen.begin(), seen.end(), [&](const Seen& each) { return each.family == family; });
    return found == seen.end() ? nullptr : &*found;
  };
  const auto* gcc = find("gcc");
  const auto* clang = find("clang");
  const auto unchanged = [&](const Seen* each) {
    const auto* fence = each == nullptr ? nullptr : lesson.transcript(each->family);
    return each == nullptr || (fence != nullptr && same_lines(lines_of(fence->text), each->lines));
  };
  if (unchanged(gcc) && unchanged(clang)) return std::string(markdown);

  // What the lesson is to show: what was seen, and for a compiler that was not run what it showed before.
  std::vector<Seen> wanted;
  for (const std::string family : {"gcc", "clang"}) {
    const auto* fence = lesson.transcript(family);
    if (const auto* now = find(family)) {
      wanted.push_back(*now);
    } else if (fence != nullptr) {
      wanted.push_back({family, lines_of(fence->text)});
    }
  }
  std::string blocks;
  if (wanted.size() == 2 && same_lines(wanted[0].lines, wanted[1].lines)) {
    blocks = block("gcc clang", wanted[0].lines);
  } else {
    for (const auto& each : wanted) blocks += (blocks.empty() ? "" : "\n") + block(each.family, each.lines);
  }

  // The first of the transcripts' fences gives way to all of them, a second one goes.
  std::string text;
  bool written = false;
  int line = 0;
  int skip_to = 0;
  bool skip_blank = false;
  for (const auto each : split_lines(markdown)) {
    ++line;
    const auto fence = std::find_if(lesson.document.fences.begin(), lesson.document.fences.end(),
                                    [&](const Fence& f) { return f.line == line; });
    const bool transcript = fence != lesson.document.fences.end() &&
                            (lesson.transcript("gcc") == &*fence || lesson.transcript("clang") == &*fence);
    if (transcript) {
      if (!written) text += blocks;
      skip_blank = written;
      written = true;
      skip_to = line + static_cast<int>(split_lines(fence->text).size()) + 1;
    }
    if (line <= skip_to) continue;
    if (skip_blank && trimmed(each).empty()) {
      skip_blank = false;
      continue;
    }
    skip_blank = false;
    text.append(each).append("\n");
  }
  return text;
}

}  // namespace runner
