#include "verify/mistake.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <regex>
#include <set>

#include "system/files.hpp"
#include "system/git.hpp"
#include "text/text.hpp"

namespace runner {
namespace {

namespace fs = std::filesystem;

// `test "a phrase"`, or several of them with " or " in between.
std::vector<Rejection> read_rejections(const std::string& text) {
  static const std::regex rejection(R"re((time limit|(test|sanitizer|build) "([^"]+)")( or |$))re");
  static const std::map<std::string, RejectedBy> ways{{"", RejectedBy::time_limit},
                                                      {"test", RejectedBy::test},
                                                      {"sanitizer", RejectedBy::sanitizer},
                                                      {"build", RejectedBy::build}};
  std::vector<Rejection> rejections;
  auto rest = text.cbegin();
  for (std::smatch found;
       std::regex_search(rest, text.cend(), found, rejection, std::regex_constants::match_continuous);) {
    rejections.push_back({ways.at(found[2]), found[3]});
    if (found[4].length() == 0) return rejections;
    rest = found[0].second;
  }
  throw std::runtime_error(
      R"(its first line must be "rejected by: " and test "NAME", sanitizer "KIND", time limit or build "TEXT")");
}

// `compiler "a" or actual "b"`: what a row is called ends with a quote.
std::vector<std::string> read_arrows(std::string_view text) {
  const auto arrows = replaced(trimmed(text), "\" or ", "\"\n");
  const auto lines = split_lines(arrows);
  return {lines.begin(), lines.end()};
}

// `files` and, of a stage's files and its tests, those that include one of them, also by way of another.
std::set<std::string> with_includers(const std::map<std::string, fs::path>& all, std::vector<std::string> files) {
  std::set<std::string> found(files.begin(), files.end());
  for (bool grows = true; grows;) {
    grows = false;
    for (const auto& [name, path] : all) {
      if (found.contains(name)) continue;
      const auto included = includes(read_file(path));
      if (std::ranges::any_of(included, [&](const auto& each) { return found.contains(each); }))
        grows = found.insert(name).second;
    }
  }
  return found;
}

std::string first_error(const Lines& detail) {
  const auto found = std::ranges::find(detail, Field::compiler, &Line::field);
  return found == detail.end() ? "" : to_string(*found);
}

}  // namespace

std::vector<std::string> includes(std::string_view text) {
  static const std::regex include(R"(\s*#include ["<]([^">]+)[">].*)");
  std::vector<std::string> found;
  for (const auto line : split_lines(text)) {
    std::cmatch match;
    if (std::regex_match(line.begin(), line.end(), match, include)) found.push_back(match[1]);
  }
  return found;
}

std::vector<fs::path> patches_of(const Course& course, const Stage& stage) {
  std::vector<fs::path> found;
  for (const auto& file : files_below(course.root(), fs::path("tests/mistakes") / stage.name)) {
    if (file.extension() == ".patch") found.push_back(course.root() / file);
  }
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
  if (lines.size() < 2 || trimmed(lines[1]).empty() || lines[1].starts_with("---"))
    throw std::runtime_error("its second line must say why a learner would write it");
  constexpr std::string_view arrow = "arrow: ";
  if (lines.size() > 2 && lines[2].starts_with(arrow)) mistake.arrows = read_arrows(lines[2].substr(arrow.size()));
  std::size_t head_lines = mistake.arrows.empty() ? 2 : 3;
  const bool is_played = lines.size() > head_lines && lines[head_lines].starts_with("play: ");
  if (is_played) ++head_lines;
  if (lines.size() <= head_lines || !lines[head_lines].empty())
    throw std::runtime_error(
        R"(its third line must be "arrow: ROW" or "arrow: none"; then come "play: TASK", if it is played, and an empty one)");
  const auto folder = "+++ b/solutions/" + stage.name + "/";
  for (const auto line : lines) {
    if (!line.starts_with("+++ ")) continue;
    const auto file = line.starts_with(folder) ? line.substr(folder.size()) : std::string_view{};
    if (std::ranges::count(stage.own, file) == 0) {
      throw std::runtime_error(
          fmt::format("it changes {}, which is no file of solutions/{}", line.substr(4), stage.name));
    }
    mistake.files.emplace_back(file);
  }
  if (is_played && mistake.files != std::vector<std::string>{"thread_pool.hpp"})
    throw std::runtime_error("it is to be played, so it must change thread_pool.hpp and nothing else");
  if (mistake.files.empty()) throw std::runtime_error("it changes no file: a line \"+++ b/solutions/…\" is missing");
  return mistake;
}

std::string kind_of(const Stage& stage, const Mistake& mistake) {
  static const std::regex other("[^0-9A-Za-z]");
  return std::regex_replace(stage.name + "_" + mistake.name, other, "_");
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

  if (const auto finished = apply_patch(folder, mistake.patch); !finished.ok()) {
    const auto words = printable(finished.output + finished.error);
    throw std::runtime_error(
        fmt::format("the patch no longer applies to solutions/{}: {}", stage.name, trimmed(words)));
  }
  scratch.put_folder(fs::path("mistakes") / stage.name / mistake.name, folder);
}

bool Mistake::is_rejected_by(RejectedBy way) const {
  return std::ranges::count(rejections, way, &Rejection::by) > 0;
}

std::string rejection_problem(const Mistake& mistake, const Verdict& verdict) {
  const auto is_said = [&](RejectedBy way, std::string_view words) {
    return std::ranges::any_of(mistake.rejections, [&](const Rejection& each) {
      return each.by == way && (way == RejectedBy::build ? occurs_in(each.words, words) : each.words == words);
    });
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
      as_said = is_said(RejectedBy::test, verdict.first_test);
      actual = fmt::format("test \"{}\"", verdict.first_test);
      break;
    case Outcome::sanitizer:
      as_said = is_said(RejectedBy::sanitizer, verdict.sanitizer_kind);
      actual = fmt::format("sanitizer \"{}\"{}", verdict.sanitizer_kind, in_test);
      break;
    case Outcome::hangs:
      as_said = mistake.is_rejected_by(RejectedBy::time_limit) || is_said(RejectedBy::test, verdict.first_test);
      actual = "time limit" + in_test;
      break;
    case Outcome::build_fails:
      as_said = is_said(RejectedBy::build, join(to_strings(verdict.detail), "\n"));
      actual = fmt::format("build \"{}\"", first_error(verdict.detail));
      break;
    default:
      actual = verdict.headline + in_test;
  }
  if (as_said) return "";
  return fmt::format("its first line says that it is rejected by: {}\nbut it is rejected by: {}", mistake.rejected_by,
                     actual);
}

std::string shown_arrow(const Verdict& verdict) {
  return verdict.arrow.empty() ? "none" : verdict.arrow;
}

std::string arrow_problem(const Mistake& mistake, const Verdict& verdict) {
  const auto shown = shown_arrow(verdict);
  if (std::ranges::count(mistake.arrows, shown) > 0) return "";
  const auto said = mistake.arrows.empty() ? "no arrow" : "arrow: " + join(mistake.arrows, " or ");
  return fmt::format("its head says {}\nbut its screen shows: {}", said, shown);
}

std::string with_arrow(std::string_view patch, const std::string& arrow) {
  const auto before = split_lines(patch);
  std::vector<std::string> lines(before.begin(), before.end());
  if (!lines.at(2).starts_with("arrow: ")) lines.insert(lines.begin() + 2, "");
  lines[2] = "arrow: " + arrow;
  return join(lines, "\n") + "\n";
}

}  // namespace runner
