#include "verify/transcript.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <regex>
#include <set>

#include "check/story_source.hpp"
#include "reading/story.hpp"
#include "text/paint.hpp"
#include "text/text.hpp"

namespace runner {
namespace {

std::vector<std::string> lines_of(std::string_view text) {
  const auto lines = split_lines(text);
  return {lines.begin(), lines.end()};
}

// Whether two transcripts are the same, but for what differs from run to run.
bool same_lines(const std::vector<std::string>& left, const std::vector<std::string>& right) {
  return std::ranges::equal(left, right, {}, normalised, normalised);
}

// "steps/01_call_first/main.cpp:48": the first place in these lines; empty when there is none.
std::string first_place(const std::vector<std::string>& lines) {
  static const std::regex place(R"(\b(steps|tests|solutions|mistakes)/[^ :]+:[0-9]+)");
  for (const auto& line : lines) {
    std::smatch match;
    if (std::regex_search(line, match, place)) return match.str();
  }
  return "";
}

// Beside each other where each line fits into its half, else below each other. The first line of each is its heading.
std::vector<std::string> side_by_side(const std::vector<std::string>& left, const std::vector<std::string>& right,
                                      int width) {
  const int half = (width - 3) / 2;
  const auto fits = [&](const std::string& line) { return width_of(line) <= half; };
  std::vector<std::string> lines;
  if (!std::ranges::all_of(left, fits) || !std::ranges::all_of(right, fits)) {
    for (const auto* each : {&left, &right}) {
      lines.push_back(each->front() + ":");
      for (std::size_t i = 1; i < each->size(); ++i) lines.push_back("  " + (*each)[i]);
    }
    return lines;
  }
  const int wide = width_of(std::ranges::max(left, {}, width_of));
  for (std::size_t i = 0; i < std::max(left.size(), right.size()); ++i) {
    const std::string cell = i < left.size() ? left[i] : "";
    const std::string blanks(static_cast<std::size_t>(wide - width_of(cell)), ' ');
    lines.push_back(fmt::format("{}{} | {}", cell, blanks, i < right.size() ? right[i] : ""));
  }
  return lines;
}

// What is wrong with a fence: `seen` is what it should show; not `all_lines`: it is held only to the first place.
std::vector<std::string> fence_problem(const Fence& fence, const std::string& lesson_file,
                                       std::vector<std::string> seen, bool all_lines, int width) {
  auto shown = lines_of(fence.text);
  const bool equal = all_lines ? same_lines(shown, seen) : first_place(shown) == first_place(seen);
  if (equal) return {};
  shown.insert(shown.begin(), "the lesson shows");
  seen.insert(seen.begin(), "the step shows");
  std::vector<std::string> lines{
      fmt::format("{}:{}: the step shows something else first (./learn verify --update writes what it shows)",
                  lesson_file, fence.line)};
  for (const auto& line : side_by_side(shown, seen, width - 4)) lines.push_back("  " + line);
  return lines;
}

// One kind of fence: `of_lesson` finds a compiler's, `shown` is what was seen.
std::string with_fences(std::string_view markdown, const std::vector<Seen>& seen, std::string_view info,
                        const Fence* (Lesson::*of_lesson)(std::string_view) const,
                        std::vector<std::string> Seen::*shown_lines) {
  const auto lesson = read_lesson(markdown);
  // What the lesson is to show: what was seen, and for a compiler that was not run what it showed before.
  std::vector<std::pair<std::string, std::vector<std::string>>> wanted;  // the compilers, and the lines
  std::set<const Fence*> fences;
  bool changed = false;
  for (const char* family : {"gcc", "clang"}) {
    const auto* fence = (lesson.*of_lesson)(family);
    const auto shown = fence != nullptr ? lines_of(fence->text) : std::vector<std::string>{};
    const auto now = std::ranges::find(seen, family, &Seen::family);
    if (fence != nullptr) fences.insert(fence);
    if (now != seen.end()) {
      const auto& lines = (*now).*shown_lines;
      wanted.emplace_back(family, lines);
      changed = changed || fence == nullptr || !same_lines(shown, lines);
    } else if (fence != nullptr) {
      wanted.emplace_back(family, shown);
    }
  }
  if (!changed || fences.empty()) return std::string(markdown);

  if (wanted.size() == 2 && same_lines(wanted[0].second, wanted[1].second)) wanted = {{"gcc clang", wanted[0].second}};
  std::vector<std::string> blocks;
  for (const auto& [compilers, shown] : wanted) {
    if (!blocks.empty()) blocks.emplace_back();
    blocks.push_back(fmt::format("```{} {}", info, compilers));
    blocks.insert(blocks.end(), shown.begin(), shown.end());
    blocks.emplace_back("```");
  }

  // All of them take the place of the first fence; a second one is removed, with the blank line behind it.
  auto lines = lines_of(markdown);
  for (auto each = fences.rbegin(); each != fences.rend(); ++each) {
    const auto begin = lines.begin() + (*each)->line - 1;
    auto end = begin + static_cast<std::ptrdiff_t>(split_lines((*each)->text).size()) + 2;
    const bool first = *each == *fences.begin();
    if (!first && end != lines.end() && trimmed(*end).empty()) ++end;
    const auto place = lines.erase(begin, end);
    if (first) lines.insert(place, blocks.begin(), blocks.end());
  }
  return join(lines, "\n") + "\n";
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

std::string family_of(const std::string& compiler) {
  return compiler.find("clang") != std::string::npos ? "clang" : "gcc";
}

bool words_are_compared(const std::string& compiler) {
  static const std::regex major(R"( ([0-9]+)\.)");
  std::smatch match;
  const auto version = std::regex_search(compiler, match, major) ? match[1].str() : "";
  return version == (family_of(compiler) == "clang" ? "14" : "12");
}

std::vector<std::string> lines_for_lesson(const Verdict& verdict) {
  auto lines = verdict.detail;
  std::erase_if(lines, [](const Line& line) {
    return line.field == Field::hang || line.text == "where the server's threads stand:";
  });
  return to_strings(lines);
}

bool fails_as_said(ShippedAs shipped_as, Outcome outcome) {
  constexpr Outcome outcomes[] = {Outcome::build_fails, Outcome::test_fails, Outcome::hangs, Outcome::sanitizer};
  if (outcome == Outcome::crashes) outcome = Outcome::test_fails;
  return outcome == outcomes[static_cast<std::size_t>(shipped_as)];
}

std::vector<std::string> story_for_lesson(const Verdict& verdict, const Course& course) {
  constexpr int columns = 80;
  if (!verdict.has_story) return {};
  return story_text(read_story(verdict.full_text), source_of(course.root()), columns, Paint());
}

std::vector<std::string> story_problem(const Lesson& lesson, const std::string& lesson_file,
                                       const std::vector<std::string>& story, const std::string& compiler, int width) {
  const auto* fence = lesson.story(family_of(compiler));
  if (fence == nullptr || !words_are_compared(compiler)) return {};
  return fence_problem(*fence, lesson_file, story, true, width);
}

std::vector<std::string> transcript_problem(const Lesson& lesson, const std::string& lesson_file,
                                            const Verdict& verdict, const std::string& compiler, int width) {
  const auto* fence = lesson.transcript(family_of(compiler));
  if (fence == nullptr) return {};  // problems_of(lesson) says so
  return fence_problem(*fence, lesson_file, lines_for_lesson(verdict), words_are_compared(compiler), width);
}

std::string with_transcripts(std::string_view markdown, const std::vector<Seen>& seen) {
  const auto transcripts = with_fences(markdown, seen, "text", &Lesson::transcript, &Seen::lines);
  return with_fences(transcripts, seen, "text story", &Lesson::story, &Seen::story);
}

}  // namespace runner
