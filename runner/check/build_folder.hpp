#pragma once

#include <filesystem>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "course/course.hpp"
#include "system/process.hpp"

namespace runner {

/// A configured build of the course's stages.
struct BuildFolder {
  std::filesystem::path folder;
  std::string compiler;   // what to call it: "gcc 12.2.0"
  bool is_stale = false;  // a source has come or gone since it was configured: `ninja reconfigure` comes first
};

/// A stop request came before there was an answer.
struct Cancelled : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Configures a build of the stages in `folder`, anew if it is there; UsageError with Meson's words when that does not
/// work. `options`: Meson's, "-Dbase=mine".
void set_up(const std::filesystem::path& root, const std::filesystem::path& folder, const std::string& compiler,
            const std::vector<std::string>& options = {}, std::stop_token stop = {});

/// Where a build for this compiler and base is kept; it is set up if it is not there. An empty compiler is the default.
/// Throws UsageError when Meson or the compiler refuses, with their words.
BuildFolder build_folder(const Course& course, const std::string& compiler, bool base_mine, std::stop_token stop = {});

/// ninja in a build's folder, with the environment of stage_environment.
Command ninja_command(const BuildFolder& build, const std::vector<std::string>& arguments);

/// Builds what every test program links, doctest and the test support, unless it is there; at low priority, so that it
/// is there when the first stage compiles. Blocks; a stop request ends it at once, and what is built by then stays.
void build_support(const BuildFolder& build, std::string_view sanitizer, const std::stop_token& stop);

/// The environment in which compilers and stages run: untranslated messages, sanitizers that stop at the first report.
std::vector<std::pair<std::string, std::string>> stage_environment();

}  // namespace runner
