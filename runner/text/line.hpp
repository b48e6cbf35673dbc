#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "text/place.hpp"

namespace runner {

/// What a line of a failure says. A row of the tables in docs/when_it_fails names the fields that it matches, by the
/// words of `field_named`.
enum class Field {
  test,        // the name of the test that failed
  compared,    // what was compared, and where
  given,       // what the test had done before
  expected,    //
  actual,      //
  difference,  // below `actual`: where it differs; matched with it
  server,      // how the server ended, and what it wrote to its stderr
  history,     // of the connections
  compiler,    // the first error of the compiler or the linker
  required,    // the learner's lines that led to it; matched with it
  source,      // the learner's line that it points at
  note,        // the compiler's notes
  warning,     // of the compiler, in the learner's own files
  sanitizer,   // the kind of its report
  at,          // functions and source lines of the learner's in that report
  hang,        // where a thread stands
  rule,        // the name of what the runner knows about a hang or an end; not shown
  ended,       // how the program ended
  output,      // what else it printed
  remark,      // said for the reader; no row matches it
};

/// One line of what failed, made where the tool's output is read; safe to print. A screen and a transcript lay it out.
struct Line {
  Field field = Field::remark;
  std::string text{};
  Place place{};          // stands before the text, when it is known
  int indent = 0;         // columns
  bool as_it_is = false;  // its columns have a meaning: source and caret, a history
  std::string whole{};    // what rows are matched with, where `text` is cut or worded for the screen
};

using Lines = std::vector<Line>;

/// "compiler" → Field::compiler; nothing for a word that is no field of a table.
std::optional<Field> field_named(std::string_view word);
std::string_view to_string(Field field);

/// Whether one of the lines of this field has `pattern` in it (occurs_in). A difference belongs to `actual`, and the
/// lines that led to an error belong to `compiler`.
bool says(const Lines& lines, Field field, std::string_view pattern);

/// "expected: " and its kin, which stand before the text.
std::string_view label(Field field);

/// The line as a transcript shows it: indent, label or place, text.
std::string to_string(const Line& line);
/// All that are shown.
std::vector<std::string> to_strings(const Lines& lines);

}  // namespace runner
