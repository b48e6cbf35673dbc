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

// Both must be canonical: absolute, without links and dots. Compares whole names, as /site-old is not inside /site.
bool is_inside(const fs::path& folder, const fs::path& file) {
  return std::mismatch(folder.begin(), folder.end(), file.begin(), file.end()).first == folder.end();
}

}  // namespace

std::optional<Page> find_page(std::string_view path, std::string_view query) {
  if (path == "/sleep") return sleep_page(query);

  std::optional<std::string> name = percent_decoded(path);
  if (!name || !name->starts_with('/') || name->find('\0') != std::string::npos) return std::nullopt;
  if (name->ends_with('/')) *name += "index.html";

  std::error_code error;
  static const fs::path site = fs::canonical(".");  // looked up once: the folder stays the same
  const fs::path wanted = fs::path{*name}.lexically_normal();
  const fs::path file = fs::canonical(site / wanted.relative_path(), error);
  if (error || !is_inside(site, file) || !fs::is_regular_file(file, error)) return std::nullopt;

  std::ifstream stream{file, std::ios::binary};
  if (!stream) return std::nullopt;
  std::ostringstream body;
  body << stream.rdbuf();
  return Page{content_type_of(*name), body.str()};
}
