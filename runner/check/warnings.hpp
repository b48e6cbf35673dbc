#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "check/build_folder.hpp"
#include "reading/diagnostics.hpp"

namespace runner {

/// Keeps beside the build what compilers warned of, as ninja says it only once: for each object that was compiled, its
/// warnings or that it has none.
void keep_warnings(const BuildFolder& build, std::string_view ninja_output);

/// The first warning that was kept of the objects of `target` ("07_send_all.step.address."), in one of these files, in
/// their order; nothing when there is none.
std::optional<Diagnostic> kept_warning(const BuildFolder& build, std::string_view target,
                                       const std::vector<std::string>& files);

}  // namespace runner
