#include "pages.hpp"

#include <cstddef>
#include <map>

namespace {

constexpr std::size_t big_size = 6'000'000;  // a connection has room for about 4 MB (tcp_wmem in man 7 tcp)
constexpr std::size_t big_line_size = 1000;

// Each line has its number, so that a part that is lost or sent twice shows.
std::string big_text() {
  std::string text;
  text.reserve(big_size);
  for (int number = 1; text.size() < big_size; ++number) {
    const std::string line = "line " + std::to_string(number) + " ";
    text.append(line).append(big_line_size - line.size() - 1, '.').append("\n");
  }
  return text;
}

}  // namespace

std::optional<Page> find_page(std::string_view path, std::string_view query) {
  static const std::map<std::string_view, Page> pages{
      {"/",
       {"text/html; charset=utf-8", "<!doctype html><title>Home</title><h1>Home</h1><p><a href=/menu>Menü</a></p>\n"}},
      {"/404.html", {"text/html; charset=utf-8", "<!doctype html><title>404</title><h1>No such page</h1>\n"}},
      {"/menu", {"text/html; charset=utf-8", "<!doctype html><title>Menu</title><h1>Menü</h1><p>Crêpes, 3 €</p>\n"}},
  };
  if (path == "/order") return Page{"text/plain; charset=utf-8", "You ordered " + std::string{query} + "\n"};
  if (path == "/big") return Page{"text/plain; charset=utf-8", big_text()};  // made only for who asks for it
  const auto found = pages.find(path);
  if (found == pages.end()) return std::nullopt;
  return found->second;
}
