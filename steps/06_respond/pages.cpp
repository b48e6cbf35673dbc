// Stage 06, respond: docs/06_respond.md
#include "pages.hpp"

#include <cstddef>
#include <map>

namespace {

constexpr std::size_t big_size = 20'000'000;

// Every 20 bytes differ from the 20 before, so that a part that is lost or sent twice shows.
std::string big_text() {
  std::string text;
  text.reserve(big_size);
  for (std::size_t line = 1; text.size() < big_size; ++line) {
    const std::string digits = std::to_string(line);
    text += "big page, " + std::string(9 - digits.size(), '.') + digits + "\n";
  }
  return text;
}

}  // namespace

std::optional<Page> find_page(std::string_view path) {
  static const std::map<std::string_view, Page> pages{
      {"/",
       {"text/html; charset=utf-8", "<!doctype html><title>Home</title><h1>Home</h1><p><a href=/menu>Menü</a></p>\n"}},
      {"/404.html", {"text/html; charset=utf-8", "<!doctype html><title>404</title><h1>No such page</h1>\n"}},
      {"/big", {"text/plain; charset=utf-8", big_text()}},
      {"/menu", {"text/html; charset=utf-8", "<!doctype html><title>Menü</title><h1>Menü</h1><p>Crêpes, 3 €</p>\n"}},
  };
  const auto found = pages.find(path);
  if (found == pages.end()) return std::nullopt;
  return found->second;
}
