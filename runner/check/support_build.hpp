#pragma once

#include <stop_token>
#include <string_view>

#include "check/build_folder.hpp"

namespace runner {

/// Whether what every test program links, doctest and the test support, is built for a sanitizer.
bool has_support(const BuildFolder& build, std::string_view sanitizer);

/// Builds it at low priority, so that it is there when the first stage compiles. Blocks; a stop request ends it at
/// once, and what is built by then stays.
void build_support(const BuildFolder& build, std::string_view sanitizer, const std::stop_token& stop);

}  // namespace runner
