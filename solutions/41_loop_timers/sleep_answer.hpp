#pragma once

#include <charconv>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include "parse_request.hpp"
#include "respond.hpp"
#include "sleep_page.hpp"
#include "status.hpp"
#include "target.hpp"

// How long the page /sleep?ms=N takes to answer; nothing if something else is asked for, or no page that there is.
inline std::optional<std::chrono::milliseconds> sleep_time_of(const Request& request) {
  const bool is_for_a_page = request.method == "GET" || request.method == "HEAD";
  std::string_view query = query_of(request.target);
  if (!is_for_a_page || path_of(request.target) != "/sleep" || !query.starts_with("ms=")) return std::nullopt;
  query.remove_prefix(3);
  unsigned count = 0;
  const char* const end = query.data() + query.size();
  const auto [stop, error] = std::from_chars(query.data(), end, count);
  if (error != std::errc{} || stop != end || count > max_sleep_ms) return std::nullopt;
  return std::chrono::milliseconds{count};
}

// The answer of that page: what respond returns after it has slept.
inline Response slept(const Request& request, std::chrono::milliseconds time) {
  const std::string body = "slept " + std::to_string(time.count()) + " ms\n";
  return {Status::ok,
          {{"Content-Type", "text/plain; charset=utf-8"},
           {"Content-Length", std::to_string(body.size())},
           {"Connection", "close"}},
          request.method == "HEAD" ? "" : body};
}
