#include "verify/mistake.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "system/files.hpp"
#include "system/git.hpp"
#include "text/text.hpp"

namespace runner {
namespace {

namespace fs = std::filesystem;

// `test "a phrase"` at the beginning of `text`, which is cut off; nothing when something else stands there.
std::optional<Rejection> take_rejection(std::string_view& text) {
  constexpr std::string_view time_limit = "time limit";
  if (text.starts_with(time_limit)) {
    text.remove_prefix(time_limit.size());
    return Rejection{RejectedBy::time_limit, ""};
  }
  const std::pair<std::string_view, RejectedBy> ways[] = {
      {"test", RejectedBy::test}, {"sanitizer", RejectedBy::sanitizer}, {"build", RejectedBy::build}};
  for (const auto& [word, way] : ways) {
    const auto begin = word.size() + 2;
    if (!text.starts_with(fmt::format("{} \"", word))) continue;
    const auto end = text.find('"', begin);
    if (end == std::string_view::npos || end == begin) return std::nullopt;
    Rejection rejection{way, std::string(text.substr(begin, end - begin))};
    text.remove_prefix(end + 1);
    return rejection;
  }
  return std::nullopt;
}

// `test "a phrase"`, or several of them with " or " in between.
std::vector<Rejection> read_rejections(std::string_view text) {
  std::vector<Rejection> rejections;
  constexpr std::string_view between = " or ";
  while (auto rejection = take_rejection(text)) {
    rejections.push_back(std::move(*rejection));
    if (text.empty()) return rejections;
    if (!text.starts_with(between)) break;
    text.remove_prefix(between.size());
  }
  throw std::runtime_error(
      R"(its first line must be "rejected by: " and test "NAME", sanitizer "KIND", time limit or build "TEXT")");
}

// `compiler "a" or actual "b"`: what a row is called ends with a quote.
std::vector<std::string> read_arrows(std::string_view text) {
  constexpr std::string_view between = "\" or ";
  std::vector<std::string> arrows;
  for (auto at = text.find(between); at != std::string_view::npos; at = text.find(between)) {
    arrows.emplace_back(text.substr(0, at + 1));
    text.remove_prefix(at + between.size());
  }
  arrows.emplace_back(trimmed(text));
  return arrows;
}

// `files` and, of a stage's files and its tests, those that include one of them, also by way of another.
std::set<std::string> with_includers(const std::map<std::string, fs::path>& all, std::vector<std::string> files) {
  std::set<std::string> found(files.begin(), files.end());
  for (bool grows = true; grows;) {
    grows = false;
    for (const auto& [name, path] : all) {
      if (found.contains(name)) continue;
      const auto included = includes(read_file(path));
      if (std::any_of(included.begin(), included.end(), [&](const auto& each) { return found.contains(each); })) {
        grows = found.insert(name).second;
      }
    }
  }
  return found;
}

std::string first_error(const Lines& detail) {
  const auto found =
      std::find_if(detail.begin(), detail.end(), [](const Line& line) { return line.field == Field::compiler; });
  return found == detail.end() ? "" : to_string(*found);
}

}  // namespace

std::vector<std::string> includes(std::string_view text) {
  std::vector<std::string> found;
  for (const auto line : split_lines(text)) {
    const auto words = trimmed(line);
    constexpr std::string_view include = "#include ";
    if (!words.starts_with(include) || words.size() < include.size() + 2) continue;
    const auto name = words.substr(include.size() + 1);
    found.emplace_back(name.substr(0, name.find_first_of("\">")));
  }
  return found;
}

std::vector<fs::path> patches_of(const Course& course, const Stage& stage) {
  std::vector<fs::path> found;
  std::error_code missing;
  for (const auto& entry : fs::directory_iterator(course.root() / "tests" / "mistakes" / stage.name, missing)) {
    if (entry.path().extension() == ".patch") found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

Mistake read_mistake(const fs::path& patch, const Stage& stage) {
  Mistake mistake;
  mistake.name = patch.stem().string();
  mistake.patch = patch;
  const auto text = read_file(patch);
  const auto lines = split_lines(text);
  constexpr std::string_view head = "rejected by: ";
  if (!lines.empty() && lines[0].starts_with(head)) mistake.rejected_by = lines[0].substr(head.size());
  mistake.rejections = read_rejections(mistake.rejected_by);
  if (lines.size() > 1) mistake.why = trimmed(lines[1]);
  if (mistake.why.empty() || mistake.why.starts_with("---")) {
    throw std::runtime_error("its second line must say why a learner would write it");
  }
  constexpr std::string_view arrow = "arrow: ";
  if (lines.size() > 2 && lines[2].starts_with(arrow)) mistake.arrows = read_arrows(lines[2].substr(arrow.size()));
  const std::size_t head_lines = mistake.arrows.empty() ? 2 : 3;
  if (lines.size() <= head_lines || !lines[head_lines].empty())
    throw std::runtime_error(R"(its third line must be "arrow: ROW" or "arrow: none", and then comes an empty one)");
  const auto folder = "+++ b/solutions/" + stage.name + "/";
  for (const auto line : lines) {
    if (!line.starts_with("+++ ")) continue;
    const auto file = line.starts_with(folder) ? line.substr(folder.size()) : std::string_view{};
    if (std::find(stage.own.begin(), stage.own.end(), file) == stage.own.end()) {
      throw std::runtime_error(
          fmt::format("it changes {}, which is no file of solutions/{}", line.substr(4), stage.name));
    }
    mistake.files.emplace_back(file);
  }
  if (mistake.files.empty()) throw std::runtime_error("it changes no file: a line \"+++ b/solutions/…\" is missing");
  return mistake;
}

std::string kind_of(const Stage& stage, const Mistake& mistake) {
  auto kind = stage.name + "_" + mistake.name;
  for (char& letter : kind) {
    const bool plain =
        (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
    if (!plain) letter = '_';
  }
  return kind;
}

void put_mistake(Scratch& scratch, const Course& course, const Stage& stage, Mistake& mistake) {
  const auto tests = stage.name + ".cpp";
  std::map<std::string, fs::path> all{{tests, course.root() / "tests" / tests}};
  for (const auto& origin : course.origins(stage)) {
    all[origin.file] = course.solution(course.find(origin.stage)) / origin.file;
  }
  const auto folder = course.state() / "patched";
  fs::remove_all(folder);
  fs::create_directories(folder);
  for (const auto& file : with_includers(all, mistake.files)) {
    fs::copy_file(all.at(file), folder / file);
    if (file == tests) mistake.in_tests = true;
  }

  auto apply = git_command(folder, {"apply", "--whitespace=nowarn", "-p3", mistake.patch.string()}, true);
  // As if there were no repository, so that the paths of the patch are those of this folder.
  apply.environment.emplace_back("GIT_CEILING_DIRECTORIES", folder.parent_path().string());
  const auto finished = run(apply);
  if (!finished.ok()) {
    const auto words = printable(finished.output + finished.error);
    throw std::runtime_error(
        fmt::format("the patch no longer applies to solutions/{}: {}", stage.name, trimmed(words)));
  }
  scratch.put_folder(fs::path("mistakes") / stage.name / mistake.name, folder);
}

bool Mistake::is_rejected_by(RejectedBy way) const {
  return std::any_of(rejections.begin(), rejections.end(), [way](const auto& each) { return each.by == way; });
}

std::string rejection_problem(const Mistake& mistake, const Verdict& verdict) {
  const auto said = [&](RejectedBy way, const auto& holds) {
    return std::any_of(mistake.rejections.begin(), mistake.rejections.end(),
                       [&](const auto& each) { return each.by == way && holds(each.words); });
  };
  const auto said_test = [&] {
    return said(RejectedBy::test, [&](const auto& name) { return name == verdict.first_test; });
  };
  const auto in_test =
      verdict.first_test.empty() ? std::string() : fmt::format(" in the test \"{}\"", verdict.first_test);
  std::string actual;
  bool as_said = false;
  switch (verdict.outcome) {
    case Outcome::passes:
      return "it gets past: every test passes";
    case Outcome::test_fails:
    case Outcome::crashes:
      as_said = said_test();
      actual = fmt::format("test \"{}\"", verdict.first_test);
      break;
    case Outcome::sanitizer:
      as_said = said(RejectedBy::sanitizer, [&](const auto& kind) { return kind == verdict.sanitizer_kind; });
      actual = fmt::format("sanitizer \"{}\"{}", verdict.sanitizer_kind, in_test);
      break;
    case Outcome::hangs:
      as_said = mistake.is_rejected_by(RejectedBy::time_limit) || said_test();
      actual = "time limit" + in_test;
      break;
    case Outcome::build_fails:
      as_said = said(RejectedBy::build,
                     [&](const auto& words) { return occurs_in(words, join(to_strings(verdict.detail), "\n")); });
      actual = fmt::format("build \"{}\"", first_error(verdict.detail));
      break;
    default:
      actual = verdict.headline + in_test;
  }
  if (as_said) return "";
  return fmt::format("its first line says that it is rejected by: {}\nbut it is rejected by: {}", mistake.rejected_by,
                     actual);
}

std::string arrow_problem(const Mistake& mistake, const Verdict& verdict) {
  const std::string shown = verdict.arrow.empty() ? "none" : verdict.arrow;
  if (std::find(mistake.arrows.begin(), mistake.arrows.end(), shown) != mistake.arrows.end()) return "";
  const auto said = mistake.arrows.empty() ? "no arrow" : "arrow: " + join(mistake.arrows, " or ");
  return fmt::format("its head says {}\nbut its screen shows: {}", said, shown);
}

std::string with_arrow(std::string_view patch, const std::string& arrow) {
  std::string text;
  int number = 0;
  for (const auto line : split_lines(patch)) {
    ++number;
    if (number == 3) text += "arrow: " + arrow + "\n";
    if (number == 3 && line.starts_with("arrow: ")) continue;
    text.append(line).append("\n");
  }
  return text;
}

}  // namespace runner
