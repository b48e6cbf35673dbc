#include "text/paint.hpp"

#include <unistd.h>

#include <cstdlib>

namespace runner {
namespace {

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
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
  return "\033]8;;file://" + (root / file).string() + "\033\\" + std::string(text) + "\033]8;;\033\\";
}

Marks Paint::marks() const {
  if (!colours_) return {};
  return {"\033[1m", "\033[0m", "\033[36m", "\033[0m"};
}

}  // namespace runner
