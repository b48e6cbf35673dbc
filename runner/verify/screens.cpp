#include "verify/screens.hpp"

#include <fmt/core.h>

#include <stdexcept>

#include "reading/diagnostics.hpp"
#include "system/files.hpp"
#include "text/text.hpp"
#include "verify/mistake.hpp"

namespace runner {
namespace {

namespace fs = std::filesystem;

bool is_of_tests(std::string_view output) {
  return output.starts_with("1..") || output.find("\n1..") != std::string_view::npos;
}

}  // namespace

std::vector<KeptScreen> kept_screens(const Course& course, const Stage& stage) {
  std::vector<KeptScreen> screens;
  for (const auto& file : files_below(course.root(), fs::path("tests/screens") / stage.name)) {
    if (file.extension() != ".txt") continue;
    const auto text = read_file(course.root() / file);
    constexpr std::string_view head = "arrow: ";
    const auto end = text.find("\n\n");
    if (!text.starts_with(head) || end == std::string::npos || text.find('\n') != end) {
      throw std::runtime_error(
          fmt::format("{}: its first line must be \"arrow: …\", and its second empty", file.string()));
    }
    screens.push_back({file, text.substr(head.size(), end - head.size()), printable(text.substr(end + 2))});
  }
  return screens;
}

std::string arrow_of(const KeptScreen& screen, const std::vector<std::string>& files, const Words& words) {
  Verdict verdict;
  if (is_of_tests(screen.output)) {
    verdict.full_text = screen.output;
    judge_tests({.finished = {.end = End::exited, .code = 1}, .root = {}, .words = words}, verdict);
  } else if (const auto report = read_build(screen.output, files); report.first) {
    verdict.detail = lines_of(*report.first, {});
  }
  explain(words, verdict);
  return shown_arrow(verdict);
}

std::string with_arrow(const KeptScreen& screen, const std::string& arrow) {
  return fmt::format("arrow: {}\n\n{}", arrow, screen.output);
}

}  // namespace runner
