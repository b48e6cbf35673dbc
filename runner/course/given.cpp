#include "course/given.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "system/files.hpp"
#include "system/git.hpp"
#include "text/text.hpp"

namespace runner {
namespace {

namespace fs = std::filesystem;

// "play: …" in a patch's head, which ends with an empty line.
std::string task_of(const fs::path& patch) {
  constexpr std::string_view play = "play: ";
  const auto text = read_file(patch);
  for (const auto line : split_lines(text)) {
    if (line.empty()) break;
    if (line.starts_with(play)) return std::string(line.substr(play.size()));
  }
  return {};
}

}  // namespace

std::vector<GivenPool> given_pools(const Course& course) {
  std::vector<GivenPool> pools;
  for (const auto& stage : course.stages()) {
    std::error_code missing;
    for (const auto& entry : fs::directory_iterator(course.root() / "tests" / "mistakes" / stage.name, missing)) {
      if (entry.path().extension() != ".patch") continue;
      if (auto task = task_of(entry.path()); !task.empty())
        pools.push_back({&stage, entry.path().stem().string(), entry.path(), std::move(task)});
    }
  }
  std::ranges::sort(pools, {}, &GivenPool::full_name);
  return pools;
}

GivenPool find_given(const Course& course, std::string_view name) {
  const auto colon = name.find(':');
  const auto& stage = course.find(name.substr(0, colon));
  const auto part = name.substr(colon + 1);
  std::vector<GivenPool> found;
  for (auto& pool : given_pools(course)) {
    if (pool.stage != &stage || pool.name.find(part) == std::string::npos) continue;
    if (pool.name == part) return pool;
    found.push_back(std::move(pool));
  }
  if (found.size() == 1) return found.front();
  throw UsageError(fmt::format("'{}' {}: ./learn schedule lists what can be played", name,
                               found.empty() ? "is no pool that is given" : "could be one of several"));
}

fs::path given_root(const Course& course) {
  return course.state() / "given";
}

void put_given(const Course& course, const GivenPool& pool) {
  const std::string file = "thread_pool.hpp";
  const auto made = given_root(course) / "made";
  fs::remove_all(made);
  fs::create_directories(made);
  fs::copy_file(course.solution(*pool.stage) / file, made / file);
  if (const auto finished = apply_patch(made, pool.patch); !finished.ok()) {
    throw UsageError(fmt::format("{} cannot be made by git: {}", pool.full_name(),
                                 trimmed(printable(finished.output + finished.error))));
  }
  const auto text = read_file(made / file);
  const auto place = given_root(course) / "steps" / pool.stage->name;
  if (is_file(place / file) && read_file(place / file) == text) return;  // need not be compiled again
  fs::create_directories(place);
  write_file(place / file, text);
}

}  // namespace runner
