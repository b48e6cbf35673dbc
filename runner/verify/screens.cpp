#include "verify/screens.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <stdexcept>

#include "reading/diagnostics.hpp"
#include "system/files.hpp"
#include "text/text.hpp"

namespace runner {
namespace {

namespace fs = std::filesystem;

bool is_of_tests(std::string_view output) {
  return output.starts_with("1..") || output.find("\n1..") != std::string_view::npos;
}

Verdict judged(const KeptScreen& screen, const Words& words) {
  Verdict verdict;
  verdict.full_text = screen.output;
  Finished finished;
  finished.end = End::exited;
  finished.code = 1;
  const fs::path nowhere;
  judge_tests({finished, {}, 0, nowhere, words}, verdict);
  return verdict;
}

}  // namespace

std::vector<KeptScreen> kept_screens(const Course& course, const std::string& folder) {
  std::vector<KeptScreen> screens;
  std::error_code missing;
  for (const auto& entry : fs::directory_iterator(course.root() / "tests" / "screens" / folder, missing)) {
    if (entry.path().extension() != ".txt") continue;
    const auto text = read_file(entry.path());
    constexpr std::string_view head = "arrow: ";
    const auto end = text.find("\n\n");
    if (!text.starts_with(head) || end == std::string::npos || text.find('\n') != end) {
      throw std::runtime_error(
          fmt::format("tests/screens/{}/{}: its first line must be \"arrow: …\", and its second empty", folder,
                      entry.path().filename().string()));
    }
    screens.push_back({entry.path(), text.substr(head.size(), end - head.size()), printable(text.substr(end + 2))});
  }
  std::sort(screens.begin(), screens.end(), [](const auto& a, const auto& b) { return a.file < b.file; });
  return screens;
}

std::string arrow_of(const KeptScreen& screen, const std::vector<std::string>& files, const Words& words) {
  Verdict verdict;
  if (is_of_tests(screen.output)) {
    verdict = judged(screen, words);
  } else if (const auto report = read_build(screen.output, files); report.first) {
    verdict.detail = lines_of(*report.first, {});
  }
  explain(words, verdict);
  return verdict.arrow.empty() ? "none" : verdict.arrow;
}

std::string with_arrow(const KeptScreen& screen, const std::string& arrow) {
  return fmt::format("arrow: {}\n\n{}", arrow, screen.output);
}

}  // namespace runner
