#pragma once

#include "system/process.hpp"

namespace runner {

/// git in `folder`, whatever repository the environment points to (a hook's or an alias's variables do). Only what it
/// writes to its standard output is read, unless `with_errors`.
Command git_command(const std::filesystem::path& folder, const std::vector<std::string>& arguments,
                    bool with_errors = false);

/// Applies a patch of files in solutions/NN_name/ to those of the same names in `folder`.
Finished apply_patch(const std::filesystem::path& folder, const std::filesystem::path& patch);

}  // namespace runner
