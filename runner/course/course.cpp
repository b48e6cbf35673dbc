#include "course/course.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <sstream>

#include "system/files.hpp"
#include "text/text.hpp"

namespace runner {
namespace {

std::vector<std::string> words(std::string_view text) {
  std::istringstream stream{std::string(text)};
  return {std::istream_iterator<std::string>(stream), {}};
}

}  // namespace

Course::Course(std::filesystem::path root, std::filesystem::path build)
    : root_(std::move(root)), build_(std::move(build)) {
  const auto list = read_file(build_ / "stages.txt");
  for (const auto line : split_lines(list)) {
    auto fields = split(line, '|');
    fields.resize(7);
    const std::string name(fields[0]);
    if (name.size() < 4) continue;
    stages_.push_back({name, replaced(name.substr(3), "_", " "), words(fields[1]), words(fields[2]), words(fields[3]),
                       std::string(fields[4]), words(fields[5]), words(fields[6])});
  }
  if (stages_.empty()) throw UsageError(fmt::format("no stages are listed in {}", (root_ / "meson.build").string()));
}

const Stage& Course::find(std::string_view query) const {
  auto wanted = replaced(query, " ", "_");
  if (wanted.ends_with('/')) wanted.pop_back();
  wanted.erase(0, wanted.rfind('/') + 1);  // steps/04_whole_request, as the shell completes it
  const auto number = to_number(query);
  std::vector<std::string> names;
  std::vector<const Stage*> matches;
  for (const auto& stage : stages_) {
    if (stage.name == wanted || stage.name.substr(3) == wanted) return stage;
    names.push_back(stage.name);
    const bool has_part = !wanted.empty() && stage.name.find(wanted) != std::string::npos;
    if (number ? number == to_number(stage.number()) : has_part) matches.push_back(&stage);
  }
  if (matches.size() == 1) return *matches.front();
  if (matches.size() > 1) {
    names.clear();
    for (const auto* stage : matches) names.push_back(stage->name);
    throw UsageError(fmt::format("'{}' could be {}: give a little more of the name", query, join(names, ", ")));
  }
  const auto close = closest(query, names);
  throw UsageError(close ? fmt::format("there is no stage '{}': did you mean {}?", query, *close)
                         : fmt::format("there is no stage '{}': ./learn list shows them all", query));
}

std::size_t Course::index_of(const Stage& stage) const {
  return static_cast<std::size_t>(std::ranges::find(stages_, stage.name, &Stage::name) - stages_.begin());
}

std::vector<Origin> Course::origins(const Stage& stage) const {
  std::vector<Origin> found;
  const auto add = [&](const Stage& from) {
    for (const auto& file : from.own) {
      if (std::ranges::find(found, file, &Origin::file) == found.end()) found.push_back({file, from.name});
    }
  };
  add(stage);
  for (const auto& lower : stage.on) add(find(lower));
  return found;
}

}  // namespace runner
