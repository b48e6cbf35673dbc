#pragma once

#include <string>
#include <string_view>

#include "reading/diagnostics.hpp"

namespace runner {

/// `message` in at most `columns`: "[with …]" and the inside of long template arguments give way first.
std::string shortened(std::string_view message, int columns);

/// What the diagnostic says, for kinds whose own words are hard to read ("answer(int) is called by main, and defined
/// nowhere"); else empty.
std::string in_words(const Diagnostic& diagnostic);

}  // namespace runner
