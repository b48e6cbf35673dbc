#include "system/files.hpp"

#include <cerrno>
#include <fstream>
#include <sstream>
#include <system_error>

namespace runner {

bool is_file(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(path, ignored);
}

std::string read_file(const std::filesystem::path& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (file && file.peek() != std::ifstream::traits_type::eof()) text << file.rdbuf();
  if (!file && !file.eof()) throw std::system_error(errno, std::generic_category(), path.string());
  return std::move(text).str();
}

void write_file(const std::filesystem::path& path, std::string_view text) {
  const auto beside = std::filesystem::path(path).concat(".new");
  errno = 0;
  std::ofstream file(beside, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file) throw std::system_error(errno, std::generic_category(), beside.string());
  std::filesystem::rename(beside, path);
}

}  // namespace runner
