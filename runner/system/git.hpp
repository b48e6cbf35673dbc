#pragma once

#include "system/process.hpp"

namespace runner {

/// git in `folder`, whatever repository the environment points to (a hook's or an alias's variables do). Only what it
/// writes to its standard output is read, unless `with_errors`.
Command git_command(const std::filesystem::path& folder, const std::vector<std::string>& arguments,
                    bool with_errors = false);

}  // namespace runner
