// Stage 08, site: docs/08_site.md
#include "pages.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <system_error>

#include "sleep_page.hpp"

namespace {

namespace fs = std::filesystem;

std::string content_type_of(const fs::path& file) {
  static const std::map<std::string, std::string> types{
      {".css", "text/css; charset=utf-8"},
      {".html", "text/html; charset=utf-8"},
      {".ico", "image/x-icon"},
      {".jpg", "image/jpeg"},
      {".js", "text/javascript; charset=utf-8"},
      {".png", "image/png"},
      {".svg", "image/svg+xml"},
      {".txt", "text/plain; charset=utf-8"},
  };
  const auto found = types.find(file.extension().string());
  return found == types.end() ? "application/octet-stream" : found->second;
}

// Each %XX replaced by the byte it stands for, once (RFC 3986 §2.1); nothing when a % lacks its two hexadecimal digits.
std::optional<std::string> percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    const std::string_view digits = text.substr(i + 1, 2);
    unsigned value = 0;
    const char* end = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16).ptr;
    if (end != digits.data() + 2) return std::nullopt;
    decoded += static_cast<char>(value);
    i += 2;
  }
  return decoded;
}

}  // namespace

std::optional<Page> find_page(std::string_view path, std::string_view query) {
  if (path == "/sleep") return sleep_page(query);

  std::optional<std::string> name = percent_decoded(path);
  if (!name || !name->starts_with('/')) return std::nullopt;
  if (name->ends_with('/')) *name += "index.html";

  // TODO: find only regular files that lie in the site, whatever the name says and wherever its links lead.
  const fs::path site = ".";
  const fs::path file = site / name->substr(1);

  std::ifstream stream{file, std::ios::binary};
  if (!stream) return std::nullopt;
  std::ostringstream body;
  body << stream.rdbuf();
  return Page{content_type_of(*name), body.str()};
}
