// Stage 06, respond: docs/06_respond.md
#pragma once

#include <optional>
#include <string>
#include <string_view>

struct Page {
  std::string content_type;
  std::string body;
};

// The page at a path such as /style.css, or nothing. query: what follows the path's ?, for pages that are made for it.
std::optional<Page> find_page(std::string_view path, std::string_view query = {});
