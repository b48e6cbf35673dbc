#include "verify/pages.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <map>

#include "course/words.hpp"
#include "system/files.hpp"
#include "text/text.hpp"
#include "verify/lesson_checks.hpp"
#include "verify/scratch.hpp"

namespace runner {
namespace {

namespace fs = std::filesystem;

using Problems = std::vector<std::string>;

std::string at(const std::string& page, int line, std::string_view what) {
  return fmt::format("{}:{}: {}", page, line, what);
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

void check_links(const Course& course, const std::string& page, const Document& read, Problems& problems) {
  for (const auto& link : read.links) {
    const auto hash = link.target.find('#');
    const auto path = replaced(link.target.substr(0, hash), "%20", " ");
    if (path.find("://") != std::string::npos || path.starts_with("mailto:")) continue;
    const auto file = path.empty() ? course.root() / page : course.root() / fs::path(page).parent_path() / path;
    if (path.starts_with('/') || !fs::exists(file)) {
      problems.push_back(at(page, link.line, fmt::format("the link to {} leads nowhere", link.target)));
    } else if (fs::relative(file, course.root()).string().starts_with("..")) {
      problems.push_back(at(page, link.line, fmt::format("the link to {} leads out of the course", link.target)));
    } else if (hash != std::string::npos && file.extension() == ".md") {
      if (std::ranges::count(anchors_of(read_file(file)), link.target.substr(hash + 1)) > 0) continue;
      problems.push_back(at(
          page, link.line, fmt::format("{} has no heading for the link to {}", file.filename().string(), link.target)));
    }
  }
}

// Whether `excerpt` stands in `text` as whole lines.
bool stands_in(std::string_view excerpt, const std::string& text) {
  return ("\n" + text).find("\n" + std::string(excerpt)) != std::string::npos;
}

void check_excerpts(const Course& course, const std::string& page, const Document& read, Problems& problems) {
  for (const auto& fence : read.fences) {
    const auto words = split(fence.info, ' ');
    const auto language = words.front();
    if (language == "text" || language == "sh" || language == "http") continue;
    if (words.size() != 2) {
      problems.push_back(at(page, fence.line, "name the file that this code stands in: ```cpp solutions/…"));
      continue;
    }
    const std::string file(words[1]);
    if (!is_file(course.root() / file)) {
      problems.push_back(at(page, fence.line, fmt::format("there is no {}", file)));
    } else if (!stands_in(fence.text, read_file(course.root() / file))) {
      problems.push_back(at(page, fence.line, fmt::format("this does not stand in {}, letter for letter", file)));
    }
  }
}

void check_map(const Course& course, Problems& problems) {
  const std::string page = "README.md";
  const auto text = read_file(course.root() / page);
  const auto read = read_document(text);
  const auto* section = read.section("The stages");
  if (section == nullptr) {
    problems.push_back(at(page, 1, "the section \"## The stages\" with the table of all stages is missing"));
    return;
  }
  const auto row_of = [&](const Stage& stage) {
    const auto lesson = lesson_of(course, stage);  // what is wrong with it, its own stage says
    return fmt::format("| {} | [{}]({}) |", stage.number(), lesson ? lesson->title : stage.title, stage.page());
  };
  const auto goes_wrong = [&](int line, const Stage& stage) {
    problems.push_back(at(page, line, fmt::format("here the table of stages must go on with \"{}\"", row_of(stage))));
  };
  auto next = course.stages().begin();
  int number = section->line;
  for (const auto line : split_lines(section->text)) {
    ++number;
    if (!line.starts_with('|') || line.find("](docs/") == std::string_view::npos) continue;
    if (next == course.stages().end())
      return problems.push_back(at(page, number, "the list of stages in meson.build has no such stage"));
    if (!line.starts_with(row_of(*next))) return goes_wrong(number, *next);
    ++next;
  }
  if (next != course.stages().end()) goes_wrong(section->line, *next);
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
  Problems problems;
  if (lesson->number != stage.number() || anchor_of(lesson->title) != anchor_of(stage.title)) {
    problems.push_back(at(page, 1, fmt::format("its title does not name stage {}, {}", stage.number(), stage.title)));
  }
  for (const auto& file : lesson->edit) {
    const auto expected = "steps/" + stage.name + "/";
    const auto name = file.starts_with(expected) ? file.substr(expected.size()) : "";
    if (std::ranges::count(stage.own, name) == 0)
      problems.push_back(at(page, 1, fmt::format("{}, which it says to edit, is no file of this stage", file)));
  }
  for (const auto& each : problems_of(*lesson)) problems.push_back(at(page, each.line(), each.what()));
  check_excerpts(course, page, lesson->document, problems);
  check_links(course, page, lesson->document, problems);
  std::ranges::move(words_of(course, stage).problems, std::back_inserter(problems));
  if (!is_file(course.root() / words_page(stage))) problems.push_back(words_page(stage) + " is missing");
  return problems;
}

std::vector<std::string> page_problems(const Course& course) {
  Problems problems;
  for (const auto& page : other_pages(course)) {
    try {
      const auto read = read_document(read_file(course.root() / page));
      check_excerpts(course, page, read, problems);
      check_links(course, page, read, problems);
    } catch (const DocumentError& error) {
      problems.push_back(at(page, error.line(), error.what()));
    }
  }
  if (!is_file(course.root() / "README.md")) {
    problems.emplace_back("README.md is missing");
  } else {
    check_map(course, problems);
  }
  return problems;
}

}  // namespace runner
