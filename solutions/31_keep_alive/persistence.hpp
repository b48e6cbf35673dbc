// Whether a connection stays open after an answer (RFC 9112 §9.3).
#pragma once

#include <poll.h>

#include <string_view>

#include "grammar.hpp"
#include "limits.hpp"
#include "parse_request.hpp"
#include "stop_signal.hpp"

// Whether the fields Connection, each a list such as `keep-alive, Upgrade`, name this option (RFC 9110 §7.6.1).
inline bool has_connection_option(const Request& request, std::string_view option) {
  for (const Field& field : request.fields) {
    if (!is_named(field, "Connection")) continue;
    for (std::string_view list = field.value; !list.empty();) {
      const std::string_view one = list.substr(0, list.find(','));
      if (is_same_name(trimmed(one), option)) return true;
      list.remove_prefix(one.size() == list.size() ? one.size() : one.size() + 1);
    }
  }
  return false;
}

// Whether the connection may stay open as far as the client is concerned: with HTTP/1.1 unless it says close, with
// HTTP/1.0 only if it says keep-alive. If it says both, close counts.
inline bool wants_to_stay(const Request& request) {
  if (has_connection_option(request, "close")) return false;
  return request.version != "HTTP/1.0" || has_connection_option(request, "keep-alive");
}

// Whether it may stay open as far as the server is concerned, after so many requests on it: not when there may be no
// more of them, and not when the server is asked to stop.
inline bool may_stay(int requests, const Limits& limits, const StopSignal& stop) {
  pollfd signal{stop.fd(), POLLIN, 0};
  return requests < limits.requests && poll(&signal, 1, 0) == 0;
}
