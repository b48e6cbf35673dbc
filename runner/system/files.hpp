#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace runner {

/// Whether `path` is a regular file, or a link to one; no when it cannot be told.
bool is_file(const std::filesystem::path& path);
/// The text of a file; throws std::system_error that names it.
std::string read_file(const std::filesystem::path& path);
/// Writes beside `path` and renames, so that a reader sees the old text or the new one.
void write_file(const std::filesystem::path& path, std::string_view text);

}  // namespace runner
