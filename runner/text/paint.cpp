#include "text/paint.hpp"

#include <unistd.h>

#include <cstdlib>

#include "text/text.hpp"

namespace runner {
namespace {

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

// RFC 8089 and 3986: bytes that are neither letters, digits, nor one of these are written %XX.
std::string file_address(const std::string& path) {
  constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string address = "file://";
  for (const char letter : path) {
    const auto byte = static_cast<unsigned char>(letter);
    if (contains(plain, letter))
      address += letter;
    else
      address.append({'%', digits[byte >> 4], digits[byte & 15]});
  }
  return address;
}

}  // namespace

Paint Paint::for_output(int descriptor) {
  const auto terminal = variable("TERM");
  const bool shows = isatty(descriptor) == 1 && terminal != "dumb" && !terminal.empty();
  // The Linux console prints OSC 8 as text; the others that lack it ignore it.
  return {shows && variable("NO_COLOR").empty(), shows && terminal != "linux"};
}

std::string Paint::wrap(std::string_view code, std::string_view text) const {
  if (!colours_) return std::string(text);
  return "\033[" + std::string(code) + "m" + std::string(text) + "\033[0m";
}

std::string Paint::link(const std::filesystem::path& root, std::string_view file, std::string_view text) const {
  if (!links_) return std::string(text);
  return "\033]8;;" + file_address((root / file).string()) + "\033\\" + std::string(text) + "\033]8;;\033\\";
}

Marks Paint::marks() const {
  if (!colours_) return {};
  return {"\033[1m", "\033[0m", "\033[36m", "\033[0m"};
}

}  // namespace runner
