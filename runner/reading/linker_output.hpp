#pragma once

#include <string_view>
#include <vector>

#include "reading/diagnostics.hpp"

namespace runner {

/// What a linker (ld.bfd, gold, lld) says is missing or there twice, each name once.
std::vector<Diagnostic> read_linker_output(std::string_view text);

}  // namespace runner
