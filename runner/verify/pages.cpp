#include "verify/pages.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "course/shipped.hpp"
#include "course/words.hpp"
#include "system/files.hpp"
#include "text/text.hpp"
#include "verify/scratch.hpp"

namespace runner {
namespace {

namespace fs = std::filesystem;

using Problems = std::vector<std::string>;

// In order; the second name may stand for the first.
constexpr std::pair<std::string_view, std::string_view> wanted_sections[] = {
    {"Goal", ""},         {"The call we wish we had", "What hurts"},
    {"What you see", ""}, {"Why", ""},
    {"Your move", ""},    {"Hints", ""},
    {"Compare", ""},      {"In the wild", ""},
};
constexpr std::size_t fewest_hints = 3;

void check_sections(const Document& page, std::vector<DocumentError>& problems) {
  int last = 0;
  for (const auto& [heading, instead] : wanted_sections) {
    const auto* section = page.section(heading);
    if (section == nullptr && !instead.empty()) section = page.section(instead);
    if (section == nullptr) {
      problems.emplace_back(page.lines, fmt::format("add the section \"## {}\"", heading));
      continue;
    }
    if (section->line < last) problems.emplace_back(section->line, fmt::format("\"## {}\" stands too late", heading));
    if (trimmed(section->text).empty()) problems.emplace_back(section->line, "this section is empty");
    last = section->line;
  }
  for (const auto& section : page.sections) {
    const auto is_known = [&](const auto& names) {
      return section.heading == names.first || section.heading == names.second;
    };
    if (std::ranges::none_of(wanted_sections, is_known))
      problems.emplace_back(section.line, fmt::format("no lesson has a section \"{}\"", section.heading));
  }
}

// As GitHub does: lower case, blanks as hyphens, and neither ASCII signs nor the punctuation of U+00A0 to U+00BF and
// U+2000 to U+2BFF.
std::string anchor_of(std::string_view heading) {
  std::string anchor;
  for (std::size_t i = 0; i < heading.size(); ++i) {
    const char letter = heading[i];
    const auto byte = static_cast<unsigned char>(letter);
    const bool digit = letter >= '0' && letter <= '9';
    const bool lower = letter >= 'a' && letter <= 'z';
    if (letter == ' ') {
      anchor += '-';
    } else if (letter >= 'A' && letter <= 'Z') {
      anchor += static_cast<char>(letter - 'A' + 'a');
    } else if (byte == 0xc2) {
      ++i;
    } else if (byte == 0xe2) {
      i += 2;
    } else if (digit || lower || letter == '-' || letter == '_' || byte >= 0x80) {
      anchor += letter;
    }
  }
  return anchor;
}

void check_links(const Course& course, const fs::path& page, const Document& read,
                 std::vector<DocumentError>& problems) {
  for (const auto& [target, line] : read.links) {
    const auto hash = target.find('#');
    const auto path = replaced(target.substr(0, hash), "%20", " ");
    if (path.find("://") != std::string::npos || path.starts_with("mailto:")) continue;
    const auto file = course.root() / (path.empty() ? page : page.parent_path() / path);
    if (path.starts_with('/') || !fs::exists(file)) {
      problems.emplace_back(line, fmt::format("the link to {} leads nowhere", target));
    } else if (fs::relative(file, course.root()).string().starts_with("..")) {
      problems.emplace_back(line, fmt::format("the link to {} leads out of the course", target));
    } else if (hash != std::string::npos && file.extension() == ".md" &&
               std::ranges::count(anchors_of(read_file(file)), target.substr(hash + 1)) == 0) {
      problems.emplace_back(line,
                            fmt::format("{} has no heading for the link to {}", file.filename().string(), target));
    }
  }
}

// Whether `excerpt` stands in `text` as whole lines.
bool stands_in(std::string_view excerpt, const std::string& text) {
  return ("\n" + text).find("\n" + std::string(excerpt)) != std::string::npos;
}

void check_excerpts(const Course& course, const Document& read, std::vector<DocumentError>& problems) {
  for (const auto& [info, text, line] : read.fences) {
    const auto words = split(info, ' ');
    const auto language = words.front();
    if (language == "text" || language == "sh" || language == "http") continue;
    if (words.size() != 2) {
      problems.emplace_back(line, "name the file that this code stands in: ```cpp solutions/…");
    } else if (const auto code = text_if_there(course.root() / words[1]); !code) {
      problems.emplace_back(line, fmt::format("there is no {}", words[1]));
    } else if (!stands_in(text, *code)) {
      problems.emplace_back(line, fmt::format("this does not stand in {}, letter for letter", words[1]));
    }
  }
}

void check_map(const Course& course, const Document& readme, std::vector<DocumentError>& problems) {
  const auto* section = readme.section("The stages");
  if (section == nullptr) {
    problems.emplace_back(1, "the section \"## The stages\" with the table of all stages is missing");
    return;
  }
  auto next = course.stages().begin();
  const auto row = [&] {
    const auto lesson = lesson_of(course, *next);  // what is wrong with it, its own stage says
    return fmt::format("| {} | [{}]({}) |", next->number(), lesson ? lesson->title : next->title, next->page());
  };
  const auto must_go_on = [&](int line) {
    problems.emplace_back(line, fmt::format("here the table of stages must go on with \"{}\"", row()));
  };
  int number = section->line;
  for (const auto line : split_lines(section->text)) {
    ++number;
    if (!line.starts_with('|') || line.find("](docs/") == std::string_view::npos) continue;
    if (next == course.stages().end()) {
      problems.emplace_back(number, "the list of stages in meson.build has no such stage");
      return;
    }
    if (!line.starts_with(row())) return must_go_on(number);
    ++next;
  }
  if (next != course.stages().end()) must_go_on(section->line);
}

// Each as "docs/04_whole_request.md:12: what".
Problems with_place(const std::string& page, const std::vector<DocumentError>& problems) {
  Problems placed;
  for (const auto& each : problems) placed.push_back(fmt::format("{}:{}: {}", page, each.line(), each.what()));
  return placed;
}

}  // namespace

std::vector<std::string> anchors_of(std::string_view markdown) {
  std::vector<std::string> anchors;
  std::map<std::string, int> counts;
  bool code = false;
  for (const auto line : split_lines(markdown)) {
    if (trimmed(line).starts_with("```")) code = !code;
    const auto marks = line.find_first_not_of('#');
    if (code || marks == 0 || marks == std::string_view::npos || line[marks] != ' ') continue;
    auto anchor = anchor_of(trimmed(line.substr(marks)));
    if (const int before = counts[anchor]++; before > 0) anchor += fmt::format("-{}", before);
    anchors.push_back(anchor);
  }
  return anchors;
}

std::vector<std::string> other_pages(const Course& course) {
  std::vector<std::string> pages;
  for (const char* each : {"CONTRIBUTING.md", "README.md"}) {
    if (is_file(course.root() / each)) pages.emplace_back(each);
  }
  for (const auto& file : files_below(course.root(), "docs")) {
    const bool lesson = std::ranges::count(course.stages(), file.string(), &Stage::page) > 0;
    if (file.extension() == ".md" && !lesson) pages.push_back(file.string());
  }
  return pages;
}

std::vector<std::string> lesson_problems(const Course& course, const Stage& stage, const Lesson* lesson,
                                         const std::string& problem) {
  const auto page = stage.page();
  if (lesson == nullptr) return {is_file(course.root() / page) ? problem : page + " is missing"};
  auto problems = problems_of(*lesson);
  if (lesson->number != stage.number() || anchor_of(lesson->title) != anchor_of(stage.title))
    problems.emplace_back(1, fmt::format("its title does not name stage {}, {}", stage.number(), stage.title));
  for (const auto& file : lesson->edit) {
    const auto is_it = [&](const std::string& own) { return file == fmt::format("steps/{}/{}", stage.name, own); };
    if (std::ranges::none_of(stage.own, is_it))
      problems.emplace_back(1, fmt::format("{}, which it says to edit, is no file of this stage", file));
  }
  check_excerpts(course, lesson->document, problems);
  check_links(course, page, lesson->document, problems);
  auto all = with_place(page, problems);
  std::ranges::move(words_of(course, stage).problems, std::back_inserter(all));
  if (!is_file(course.root() / words_page(stage))) all.push_back(words_page(stage) + " is missing");
  return all;
}

std::vector<DocumentError> problems_of(const Lesson& lesson) {
  std::vector<DocumentError> problems;
  const auto line_of = [&](std::string_view heading) {
    const auto* section = lesson.document.section(heading);
    return section != nullptr ? section->line : lesson.document.lines;
  };
  if (lesson.part.empty()) problems.emplace_back(1, "add a line \"- Part: …\" below the title");
  if (lesson.purpose.empty())
    problems.emplace_back(1, "say in a line before the first section that the failure is on purpose");
  check_sections(lesson.document, problems);
  if (const auto count = lesson.hints.size(); count < fewest_hints)
    problems.emplace_back(line_of("Hints"), fmt::format("{} hints: at least {} are wanted", count, fewest_hints));
  for (const char* compiler : {"gcc", "clang"}) {
    if (lesson.transcript(compiler) != nullptr) continue;
    problems.emplace_back(line_of("What you see"),
                          fmt::format("show what the first run prints in a block ```text {}", compiler));
  }
  return problems;
}

std::vector<std::string> page_problems(const Course& course) {
  Problems all;
  for (const auto& page : other_pages(course)) {
    std::vector<DocumentError> problems;
    try {
      const auto read = read_document(read_file(course.root() / page));
      check_excerpts(course, read, problems);
      check_links(course, page, read, problems);
      if (page == "README.md") check_map(course, read, problems);
    } catch (const DocumentError& error) {
      problems.push_back(error);
    }
    std::ranges::move(with_place(page, problems), std::back_inserter(all));
  }
  if (!is_file(course.root() / "README.md")) all.emplace_back("README.md is missing");
  return all;
}

}  // namespace runner
