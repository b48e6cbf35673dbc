#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reading/diagnostics.hpp"

namespace runner {

/// The errors and warnings that GCC or Clang printed, in order, each with its source lines, the way that led there, and
/// its notes. `text` is safe to show, as Edge::text is. `own`: the files that a learner edits on this stage; where an
/// error lies in a header that is not the learner's, `place` is the innermost line of these on the way there, or of the
/// course's other files.
std::vector<Diagnostic> read_compiler_output(std::string_view text, const std::vector<std::string>& own);

}  // namespace runner
