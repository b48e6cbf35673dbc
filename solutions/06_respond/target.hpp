// The parts of a request's target, such as /a?b=c or http://host/a?b=c.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "grammar.hpp"

// The path that a target names, without its query: /a for the targets /a?b=c and http://host/a?b=c.
inline std::string_view path_of(std::string_view target) {
  target = target.substr(0, target.find('?'));
  if (has_scheme(target)) {
    target.remove_prefix(std::min(target.find('/', target.find("://") + 3), target.size()));
  }
  return target.empty() ? "/" : target;
}

// What follows a target's ? (RFC 3986 §3.4): b=c for /a?b=c. Empty when there is none.
inline std::string_view query_of(std::string_view target) {
  const std::size_t mark = target.find('?');
  return mark == std::string_view::npos ? "" : target.substr(mark + 1);
}
