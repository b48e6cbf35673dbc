#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "check/verdict.hpp"
#include "course/course.hpp"

namespace runner {

/// What a tool printed once, kept for the row that explains it: tests/screens/STAGE/NAME.txt. Its first line is `arrow:
/// ROW`, or `arrow: none`, then come a blank line and the output, of ninja and a compiler or of a test program.
struct KeptScreen {
  std::filesystem::path file;  // relative to the root
  std::string arrow;
  std::string output;  // safe to print
};

/// The kept screens of a stage. Throws std::runtime_error that names the file whose head cannot be read.
std::vector<KeptScreen> kept_screens(const Course& course, const Stage& stage);

/// The arrow that a kept screen shows with these words: a row's name, or "none".
std::string arrow_of(const KeptScreen& screen, const std::vector<std::string>& files, const Words& words);

/// Its file's text with this arrow in its head.
std::string with_arrow(const KeptScreen& screen, const std::string& arrow);

}  // namespace runner
