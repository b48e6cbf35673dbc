// Stage 08, site: docs/08_site.md
#include "sleep_page.hpp"

#include <charconv>
#include <chrono>
#include <string>
#include <system_error>
#include <thread>

std::optional<Page> sleep_page(std::string_view query) {
  if (!query.starts_with("ms=")) return std::nullopt;
  query.remove_prefix(3);
  unsigned count = 0;
  const char* const end = query.data() + query.size();
  const auto [stop, error] = std::from_chars(query.data(), end, count);
  if (error != std::errc{} || stop != end || count > max_sleep_ms) return std::nullopt;

  std::this_thread::sleep_for(std::chrono::milliseconds{count});
  return Page{"text/plain; charset=utf-8", "slept " + std::to_string(count) + " ms\n"};
}
