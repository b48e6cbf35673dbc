#include "learner/base.hpp"

#include <algorithm>

#include "system/files.hpp"
#include "text/text.hpp"

namespace runner {

std::filesystem::path base_file(const Course& course) {
  return course.state() / "base";
}

bool stands_on_mine(const Course& course) {
  return is_file(base_file(course)) && trimmed(read_file(base_file(course))) == "mine";
}

void remember_base(const Course& course, bool mine) {
  std::filesystem::create_directories(course.state());
  write_file(base_file(course), mine ? "mine\n" : "solutions\n");
}

std::vector<std::string> not_done_below(const Course& course, const Stage& stage, const Progress& progress) {
  std::vector<std::string> names;
  for (const auto& [file, origin] : course.origins(stage)) {
    if (origin != stage.name && !progress.is_done(origin)) names.push_back(origin);
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace runner
