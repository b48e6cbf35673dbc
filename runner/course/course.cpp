#include "course/course.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "system/files.hpp"
#include "text/text.hpp"

namespace runner {
namespace {

std::vector<std::string> words(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> found;
  for (std::string word; stream >> word;) found.push_back(word);
  return found;
}

}  // namespace

Course::Course(std::filesystem::path root, std::filesystem::path build)
    : root_(std::move(root)), build_(std::move(build)) {
  std::istringstream lines(read_file(build_ / "stages.txt"));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream fields(line);
    Stage stage;
    std::string own, on, sanitizers;
    std::getline(fields, stage.name, '|');
    std::getline(fields, own, '|');
    std::getline(fields, on, '|');
    std::getline(fields, sanitizers, '|');
    std::getline(fields, stage.precompiled);
    if (stage.name.size() < 4) continue;
    stage.title = stage.name.substr(3);
    std::replace(stage.title.begin(), stage.title.end(), '_', ' ');
    stage.own = words(own);
    stage.on = words(on);
    stage.sanitizers = words(sanitizers);
    stages_.push_back(std::move(stage));
  }
  if (stages_.empty()) throw UsageError(fmt::format("no stages are listed in {}", (root_ / "meson.build").string()));
}

const Stage& Course::find(std::string_view query) const {
  std::vector<const Stage*> matches;
  const bool numeric = !query.empty() && query.find_first_not_of("0123456789") == std::string_view::npos;
  std::string wanted(query);
  std::replace(wanted.begin(), wanted.end(), ' ', '_');
  if (wanted.ends_with('/')) wanted.pop_back();
  wanted.erase(0, wanted.rfind('/') + 1);  // steps/04_whole_request, as the shell completes it
  for (const auto& stage : stages_) {
    if (stage.name == wanted || stage.name.substr(3) == wanted) return stage;
    const bool same_number = numeric && query.size() < 4 && std::stoi(stage.number()) == std::stoi(wanted);
    if (same_number || (!numeric && !wanted.empty() && stage.name.find(wanted) != std::string::npos)) {
      matches.push_back(&stage);
    }
  }
  if (matches.size() == 1) return *matches.front();
  if (matches.size() > 1) {
    std::string names;
    for (const auto* stage : matches) names += (names.empty() ? "" : ", ") + stage->name;
    throw UsageError(fmt::format("'{}' could be {}: give a little more of the name", query, names));
  }
  std::vector<std::string> names;
  for (const auto& stage : stages_) {
    names.push_back(stage.name);
    names.push_back(stage.name.substr(3));
  }
  const auto close = closest(query, names);
  throw UsageError(close ? fmt::format("there is no stage '{}': did you mean {}?", query, *close)
                         : fmt::format("there is no stage '{}': ./learn list shows them all", query));
}

std::size_t Course::index_of(const Stage& stage) const {
  const auto found = std::find_if(stages_.begin(), stages_.end(), [&](const Stage& s) { return s.name == stage.name; });
  return static_cast<std::size_t>(found - stages_.begin());
}

std::vector<Origin> Course::origins(const Stage& stage) const {
  std::vector<Origin> found;
  std::set<std::string> seen;
  const auto add = [&](const Stage& from) {
    for (const auto& file : from.own) {
      if (seen.insert(file).second) found.push_back({file, from.name});
    }
  };
  add(stage);
  for (const auto& lower : stage.on) add(find(lower));
  return found;
}

}  // namespace runner
