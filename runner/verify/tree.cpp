#include "verify/tree.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "course/words.hpp"
#include "system/files.hpp"
#include "system/git.hpp"
#include "text/text.hpp"
#include "verify/mistake.hpp"
#include "verify/pages.hpp"

namespace runner {
namespace {

namespace fs = std::filesystem;

constexpr int most_lines = 250;
constexpr std::size_t fewest_mistakes = 4;
constexpr int most_todos = 3;

using Problems = std::vector<std::string>;

bool contains(const std::vector<std::string>& all, std::string_view one) {
  return std::ranges::count(all, one) > 0;
}

// The numbers of the lines that hold `// TODO`.
std::vector<int> todos(std::string_view text) {
  std::vector<int> lines;
  int number = 0;
  for (const auto line : split_lines(text)) {
    ++number;
    if (line.find("TODO") != std::string_view::npos) lines.push_back(number);
  }
  return lines;
}

void check_length(const std::string& name, std::string_view text, Problems& problems) {
  const auto lines = split_lines(text).size();
  if (lines > most_lines)
    problems.push_back(fmt::format("{} has {} lines: at most {} are read in one go", name, lines, most_lines));
}

void check_step(const Stage& stage, const std::vector<ShippedFile>& shipped, const Lesson* lesson, Problems& problems) {
  const auto first_line = fmt::format("// Stage {}, {}: docs/{}.md", stage.number(), stage.title, stage.name);
  int all_todos = 0;
  for (const auto& file : shipped) {
    const auto name = "steps/" + stage.name + "/" + file.name;
    if (!file.text) {  // there is no place for a TODO
      if (lesson != nullptr && !contains(lesson->edit, name))
        problems.push_back(name +
                           " is missing; if learners are to make it, the lesson's line \"- Edit:\" has to name it");
      continue;
    }
    if (!file.text->starts_with(first_line + "\n"))
      problems.push_back(fmt::format("{}:1: the first line must be \"{}\"", name, first_line));
    check_length(name, *file.text, problems);
    const auto found = todos(*file.text);
    all_todos += static_cast<int>(found.size());
    if (lesson == nullptr) continue;
    if (contains(lesson->edit, name) && found.empty())
      problems.push_back(fmt::format("{} is to be edited, and has no line \"// TODO: …\"", name));
    if (!contains(lesson->edit, name) && !found.empty()) {
      problems.push_back(
          fmt::format("{}:{}: a TODO, but the lesson's line \"- Edit:\" does not name this file", name, found[0]));
    }
  }
  if (all_todos > most_todos)
    problems.push_back(fmt::format("{} TODOs: one idea per stage needs at most {}", all_todos, most_todos));
}

void check_solution(const Course& course, const Stage& stage, Problems& problems) {
  for (const auto& file : stage.own) {
    const auto name = "solutions/" + stage.name + "/" + file;
    if (!is_file(course.root() / name)) {
      problems.push_back(name + " is missing");
      continue;
    }
    const auto text = read_file(course.root() / name);
    if (text.starts_with("// Stage ")) problems.push_back(name + ":1: a solution does not name its lesson");
    for (const int line : todos(text)) problems.push_back(fmt::format("{}:{}: a TODO in a solution", name, line));
    check_length(name, text, problems);
  }
}

// Of what is compiled ahead, nobody notices that a learner left it out: it must be what the step includes anyhow.
void check_precompiled(const Course& course, const Stage& stage, const std::vector<ShippedFile>& shipped,
                       Problems& problems) {
  if (stage.precompiled.empty()) return;
  std::set<std::string> included;
  std::vector<std::string> texts;
  for (const auto& file : shipped) texts.push_back(file.text.value_or(""));
  const auto origins = course.origins(stage);
  while (!texts.empty()) {
    const auto text = std::move(texts.back());
    texts.pop_back();
    for (auto& name : includes(text)) {
      if (!included.insert(name).second) continue;
      const auto origin = std::ranges::find(origins, name, &Origin::file);
      if (origin == origins.end() || origin->stage == stage.name) continue;
      texts.push_back(read_file(course.root() / "solutions" / origin->stage / name));
    }
  }
  const auto headers = "tests/precompiled/headers/" + stage.precompiled + ".hpp";
  for (const auto& name : includes(read_file(course.root() / headers))) {
    if (included.contains(name)) continue;
    problems.push_back(
        fmt::format("{} has <{}>, which steps/{} does not include: nobody would notice when a learner leaves it out",
                    headers, name, stage.name));
  }
}

// A file may take the place of one of the same name only in a stage that its own stage stands on; a stage that begins
// anew may bring a copy, which must not drift from the newest, and is not newer than that.
void check_names(const Course& course, const Stage& stage, Problems& problems) {
  for (const auto& file : stage.own) {
    const auto is_copy = [&](const Stage& one, const Stage& other) {
      const auto ours = course.solution(one) / file;
      const auto theirs = course.solution(other) / file;
      return is_file(ours) && is_file(theirs) && read_file(ours) == read_file(theirs);
    };
    const Stage* newest = nullptr;
    for (const auto& earlier : course.stages()) {
      if (earlier.name == stage.name) break;
      if (!contains(earlier.own, file) || (newest != nullptr && is_copy(earlier, *newest))) continue;
      newest = &earlier;
    }
    if (newest == nullptr || contains(stage.on, newest->name) || is_copy(stage, *newest)) continue;
    problems.push_back(fmt::format("{} has another {}, and this stage does not stand on it", newest->name, file));
  }
}

// What git lists in these folders; all of their files when it cannot.
std::vector<std::string> listed(const Course& course, const std::vector<std::string>& which,
                                const std::vector<std::string>& folders) {
  std::vector<std::string> arguments{"ls-files", "-z", "--exclude-standard"};
  arguments.insert(arguments.end(), which.begin(), which.end());
  arguments.emplace_back("--");
  arguments.insert(arguments.end(), folders.begin(), folders.end());
  const auto finished = run(git_command(course.root(), arguments));
  std::vector<std::string> files;
  if (finished.ok()) {
    for (const auto file : split(finished.output, '\0')) files.emplace_back(file);
    std::erase(files, "");
    return files;
  }
  for (const auto& folder : folders) {
    for (const auto& file : files_below(course.root(), folder)) files.push_back(file.string());
  }
  return files;
}

bool is_kept(const std::string& name) {
  return name.find(".kept-") != std::string::npos || name.ends_with(".new");
}

}  // namespace

std::vector<std::string> stage_file_problems(const Course& course, const Stage& stage,
                                             const std::vector<ShippedFile>& shipped, const Lesson* lesson) {
  Problems problems;
  for (const auto& file : stage.own) {
    if (std::ranges::count(shipped, file, &ShippedFile::name) == 0)
      problems.push_back(fmt::format("steps/{}/{} is missing", stage.name, file));
  }
  check_step(stage, shipped, lesson, problems);
  check_solution(course, stage, problems);
  check_names(course, stage, problems);
  check_precompiled(course, stage, shipped, problems);
  const auto tests = "tests/" + stage.name + ".cpp";
  if (!is_file(course.root() / tests)) {
    problems.push_back(tests + " is missing");
  } else {
    check_length(tests, read_file(course.root() / tests), problems);
  }
  if (const auto mistakes = patches_of(course, stage).size(); mistakes < fewest_mistakes) {
    problems.push_back(fmt::format("tests/mistakes/{} has {} wrong solutions: at least {} are wanted", stage.name,
                                   mistakes, fewest_mistakes));
  }
  return problems;
}

std::vector<std::string> stray_files(const Course& course) {
  auto files = listed(course, {"--cached"}, {"steps"});
  std::ranges::move(listed(course, {"--cached", "--others"}, {"docs", "solutions", "tests"}),
                    std::back_inserter(files));

  std::set<std::string> wanted;
  for (const auto& stage : course.stages()) {
    for (const auto& file : stage.own) {
      wanted.insert("steps/" + stage.name + "/" + file);
      wanted.insert("solutions/" + stage.name + "/" + file);
    }
    wanted.insert(stage.page());
    wanted.insert(words_page(stage));
    wanted.insert("tests/" + stage.name + ".cpp");
    for (const auto& patch : patches_of(course, stage)) wanted.insert(patch.lexically_relative(course.root()).string());
  }
  // A page or a picture beside the lessons is wanted when a page links to it.
  auto pages = other_pages(course);
  for (const auto& stage : course.stages()) pages.push_back(stage.page());
  for (const auto& page : pages) {
    if (!is_file(course.root() / page)) continue;
    try {
      for (const auto& link : read_document(read_file(course.root() / page)).links) {
        const auto target = fs::path(page).parent_path() / link.target.substr(0, link.target.find('#'));
        wanted.insert(target.lexically_normal().string());
      }
    } catch (const std::exception&) {
      // The page's own check says so.
    }
  }

  Problems problems;
  for (const auto& file : files) {
    if (wanted.contains(file) || is_kept(file) || !is_file(course.root() / file)) continue;
    const auto parts = split(file, '/');
    // Folders of tests/ other than the stages' are for what tests and the runner's own tests need.
    if (parts[0] == "tests" && parts.size() > 2 && parts[1] != "mistakes") continue;
    problems.push_back(file + " belongs to no stage in meson.build" +
                       (parts[0] == "docs" ? ", and no page links to it" : ""));
  }
  return problems;
}

}  // namespace runner
