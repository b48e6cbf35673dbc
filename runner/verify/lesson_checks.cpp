#include "verify/lesson_checks.hpp"

#include <fmt/core.h>

#include "text/text.hpp"

namespace runner {
namespace {

// In order; the second name may stand for the first.
struct Wanted {
  std::string_view heading;
  std::string_view instead;
};

constexpr Wanted wanted_sections[] = {
    {"Goal", ""},         {"The call we wish we had", "What hurts"},
    {"What you see", ""}, {"Why", ""},
    {"Your move", ""},    {"Hints", ""},
    {"Compare", ""},      {"In the wild", ""},
};
constexpr std::size_t fewest_hints = 3;

void check_sections(const Lesson& lesson, std::vector<DocumentError>& problems) {
  int last = 0;
  for (const auto& [heading, instead] : wanted_sections) {
    const auto* section = lesson.document.section(heading);
    if (section == nullptr && !instead.empty()) section = lesson.document.section(instead);
    if (section == nullptr) {
      problems.emplace_back(lesson.document.lines, fmt::format("add the section \"## {}\"", heading));
      continue;
    }
    if (section->line < last) problems.emplace_back(section->line, fmt::format("\"## {}\" stands too late", heading));
    if (trimmed(section->text).empty()) problems.emplace_back(section->line, "this section is empty");
    last = section->line;
  }
  for (const auto& section : lesson.document.sections) {
    bool known = false;
    for (const auto& [heading, instead] : wanted_sections) {
      known = known || section.heading == heading || section.heading == instead;
    }
    if (!known) problems.emplace_back(section.line, fmt::format("no lesson has a section \"{}\"", section.heading));
  }
}

}  // namespace

std::vector<DocumentError> problems_of(const Lesson& lesson) {
  std::vector<DocumentError> problems;
  if (lesson.part.empty()) problems.emplace_back(1, "add a line \"- Part: …\" below the title");
  if (lesson.purpose.empty())
    problems.emplace_back(1, "say in a line before the first section that the failure is on purpose");
  check_sections(lesson, problems);
  if (lesson.hints.size() < fewest_hints) {
    const auto* section = lesson.document.section("Hints");
    problems.emplace_back(section != nullptr ? section->line : lesson.document.lines,
                          fmt::format("{} hints: at least {} are wanted", lesson.hints.size(), fewest_hints));
  }
  for (const std::string_view compiler : {"gcc", "clang"}) {
    if (lesson.transcript(compiler) != nullptr) continue;
    const auto* section = lesson.document.section("What you see");
    problems.emplace_back(section != nullptr ? section->line : lesson.document.lines,
                          fmt::format("show what the first run prints in a block ```text {}", compiler));
  }
  return problems;
}

}  // namespace runner
