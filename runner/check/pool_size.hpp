#pragma once

#include <filesystem>
#include <stop_token>
#include <string>

#include "check/build_folder.hpp"
#include "course/course.hpp"

namespace runner {

/// A program's text with another number of workers in its line `ThreadPool pool{4};`; empty when it has no such line.
std::string with_pool_size(const std::string& text, int workers);

/// Builds a stage's server once more, with another number of workers; its path. `target`: the stage's own server, which
/// is built already. `main`: its main.cpp. Throws UsageError when it has no pool, or does not build.
std::filesystem::path server_with_pool_size(const BuildFolder& build, const std::string& target,
                                            const std::filesystem::path& main, int workers, std::stop_token stop);

}  // namespace runner
