#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace runner {

using Variables = std::vector<std::pair<std::string, std::string>>;  // names and values of an environment

/// The environment that a command runs in: "NAME=value". Its own, and of the runner's what is needed to find programs
/// and folders; no more, since a learner's shell may export flags and libraries that change what compilers and tests
/// do.
std::vector<std::string> environment_of(const Variables& own);

/// A program of this name in PATH, or an empty path.
std::filesystem::path find_program(std::string_view name);

/// `text` as one word for a POSIX shell.
std::string shell_quoted(std::string_view text);

}  // namespace runner
