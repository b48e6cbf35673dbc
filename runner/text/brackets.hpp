#pragma once

#include <string_view>

namespace runner {

/// The index of the bracket that the one at `at` forms a pair with, before it or behind it; npos when there is none, or
/// no bracket stands there. For C++ as tools print it, even cut off: in a comparison, in `->` and in the name of an
/// operator (`operator<<`, `operator()`), `<`, `>` and the like are no brackets.
std::size_t matching_bracket(std::string_view text, std::size_t at);

}  // namespace runner
