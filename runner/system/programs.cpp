#include "system/programs.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>

extern "C" char** environ;

namespace runner {
namespace {

// What a program needs to find its way on the learner's machine. The script ./learn has the same list. All else stays
// out: flags for compilers, libraries to be loaded first, search paths for headers, a sanitizer's or ninja's options,
// a language. They would change what a check says, and nobody would see why.
bool is_passed_on(std::string_view name) {
  constexpr std::string_view names =
      " PATH HOME USER LOGNAME SHELL TERM TZ TMPDIR PWD OLDPWD CXX PYTHONPATH LD_LIBRARY_PATH PKG_CONFIG_PATH "
      "SSL_CERT_FILE SSL_CERT_DIR ALL_PROXY HTTP_PROXY HTTPS_PROXY NO_PROXY all_proxy http_proxy https_proxy no_proxy ";
  constexpr std::array<std::string_view, 6> beginnings{"SERVERLINGS_", "XDG_", "NIX_", "CCACHE_", "SUDO_", "HOMEBREW_"};
  return names.find(" " + std::string(name) + " ") != std::string_view::npos ||
         std::ranges::any_of(beginnings, [&](auto begin) { return name.starts_with(begin); });
}

// CXX chooses a compiler; with flags in it ("g++ -m32") it would be more than that.
bool is_program(std::string_view value) {
  return !value.empty() && value.find(' ') == std::string_view::npos &&
         (!find_program(value).empty() || access(std::string(value).c_str(), X_OK) == 0);
}

}  // namespace

std::vector<std::string> environment_of(const Variables& own) {
  std::vector<std::string> variables;
  const auto is_set = [&](std::string_view name) {
    return std::ranges::any_of(own, [&](const auto& pair) { return pair.first == name; });
  };
  for (const auto& [name, value] : own) variables.push_back(name + "=" + value);
  for (char** each = environ; *each != nullptr; ++each) {
    const std::string_view variable(*each);
    const auto name = variable.substr(0, variable.find('='));
    if (is_set(name) || !is_passed_on(name)) continue;
    if (name == "CXX" && !is_program(variable.substr(4))) continue;
    variables.emplace_back(variable);
  }
  if (!is_set("LC_ALL")) variables.emplace_back("LC_ALL=C");  // messages are read
  return variables;
}

std::filesystem::path find_program(std::string_view name) {
  const char* path = std::getenv("PATH");
  std::string_view rest = path != nullptr ? path : "/usr/local/bin:/usr/bin:/bin";
  while (!rest.empty()) {
    const auto end = std::min(rest.find(':'), rest.size());
    auto candidate = std::filesystem::path(rest.substr(0, end)) / name;
    if (access(candidate.c_str(), X_OK) == 0 && !std::filesystem::is_directory(candidate)) return candidate;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return {};
}

std::string shell_quoted(std::string_view text) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:,+@%";
  if (!text.empty() && text.find_first_not_of(plain) == std::string_view::npos) return std::string(text);
  std::string quoted = "'";
  for (const char letter : text) quoted += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
  return quoted + "'";
}

}  // namespace runner
