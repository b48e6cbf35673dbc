#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "text/line.hpp"
#include "text/place.hpp"

namespace runner {

/// A command of the build that failed, or that succeeded with something to say.
struct Edge {
  bool failed = false;
  std::string targets{};  // as ninja names them: what it makes
  std::string command{};  // empty for one that succeeded: ninja does not print it
  std::string source{};   // the file that it compiles, relative to the repository; empty for a link
  std::string text{};     // what it printed, safe to show
};

enum class Kind {
  compile_error,
  missing_header,       // `name` is the header
  missing_source,       // a file that the build needs is not there; `place.file` names it
  undefined_reference,  // `name` is the function; `used_by` who calls it
  multiple_definition,  // `name` is the function; `used_by` where it is defined
  compiler_stopped,     // killed (memory), crashed, or could not run: not the learner's doing
  build_files,          // Meson or ninja themselves: not the learner's doing
  warning,
  other,  // failed in words that are not known here: `message` is the first line
};

struct Diagnostic {
  Kind kind = Kind::other;
  Place place{};                       // the learner's line, also when the error lies in a header that it led to
  std::string severity{};              // "error", "fatal error", "warning"
  std::string message{};               // one line, in the tool's words, uncut, paths relative, quotes plain
  std::string name{};                  // what is missing or there twice
  std::string to_make{};               // of a missing header: the stage's own file of that name; empty: it has none
  std::vector<std::string> used_by{};  // "main (solutions/01_call_first/main.cpp:12)"
  std::vector<std::string> source_lines{};  // of `place`, as printed, caret included; may be empty (source_with_caret)
  std::vector<std::string> context{};  // the learner's lines on the way there: "steps/…/main.cpp:9: required from here"
  std::vector<std::string> notes{};    // the compiler's notes on the learner's files, with their place
  std::optional<Place> origin{};       // where the error itself lies, when that is not `place`
};

struct BuildReport {
  std::vector<Edge> edges{};            // the failed ones, the first to read first; then those with warnings
  std::vector<std::string> compiled{};  // the objects that were compiled, with warnings or without
  std::optional<Diagnostic> first{};    // the first thing to mend; nothing when the build succeeded
  int errors = 0;                       // different ones, over all edges
  int warnings = 0;                     // likewise
  std::optional<Diagnostic> warning{};  // the first warning
};

/// Reads what `ninja -k 0` printed. `preferred`: the files whose errors come first, in order (a stage's own files, then
/// its test), relative to the repository; compiler errors come before link errors. The same output in another order
/// gives the same report. A text without any of ninja's lines is taken as the output of one failed command.
BuildReport read_build(std::string_view ninja_output, const std::vector<std::string>& preferred);

/// The diagnostic as its compiler prints it, less what does not lie in the learner's files. `root`: the repository.
Lines lines_of(const Diagnostic& diagnostic, const std::filesystem::path& root);

/// A warning in two or three lines, each of them a warning's.
Lines lines_of_warning(const Diagnostic& warning, const std::filesystem::path& root);

}  // namespace runner
