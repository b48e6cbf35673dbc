#pragma once

#include <string_view>

namespace runner {

/// What an error means that may come on any stage (a missing semicolon, brace or include), GCC's words and Clang's; for
/// those that a lesson's own table does not know. Markdown; empty for an unknown one.
std::string_view common_meaning(std::string_view error_text);

}  // namespace runner
