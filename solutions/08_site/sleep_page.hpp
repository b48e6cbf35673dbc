#pragma once

#include <charconv>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>

#include "pages.hpp"

// The longest sleep that a client may ask for.
inline constexpr std::chrono::milliseconds max_sleep{2000};

// Stands for slow work, such as a question to a database: for the query ms=N, sleeps N milliseconds on the calling
// thread and returns a page that says so. Nothing, at once, when N is not a whole number from 0 to max_sleep.
inline std::optional<Page> sleep_page(std::string_view query) {
  if (!query.starts_with("ms=")) return std::nullopt;
  query.remove_prefix(3);
  unsigned count = 0;
  const char* const end = query.data() + query.size();
  const auto [stop, error] = std::from_chars(query.data(), end, count);
  if (error != std::errc{} || stop != end || count > max_sleep.count()) return std::nullopt;

  std::this_thread::sleep_for(std::chrono::milliseconds{count});
  return Page{"text/plain; charset=utf-8", "slept " + std::to_string(count) + " ms\n"};
}
