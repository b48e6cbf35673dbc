#pragma once

#include <string_view>

namespace runner {

/// The index of the bracket that the one at `at` forms a pair with, before it or behind it; npos when there is none, or
/// no bracket stands there. For C++ as tools print it, also cut off: `<` and `>` that compare, point or name an
/// operator
/// (`->`, `operator<<`, `operator()`) are no brackets.
std::size_t matching_bracket(std::string_view text, std::size_t at);

}  // namespace runner
