#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "parse_request.hpp"
#include "socket.hpp"
#include "status.hpp"

// The most content of a request that is received, in bytes, and how long that may take.
inline constexpr std::size_t max_content_bytes = 1'000'000;
inline constexpr std::chrono::seconds content_time{30};

// Receives the content of a request and drops it (RFC 9112 §6.3): as many bytes as Content-Length says, or chunks up to
// the last and its trailer section (§7.1), or nothing when the request announces none. `received`: see read_request;
// what follows the content stays in it. A client that waits for a word before it sends content gets that (100 Continue,
// RFC 9110 §10.1.1), unless it has sent some already. Returns why the connection cannot go on, if so: content_too_large
// for more than max_content_bytes; not_implemented for another coding than chunked; bad_request for codings in HTTP/1.0
// (§6.1), for chunks that are not well-formed, and when the client closes before the end; request_timeout when that has
// not come by the deadline. Throws std::system_error.
std::optional<Status> drop_content(const Socket& client, std::string& received, const Request& request,
                                   std::chrono::steady_clock::time_point deadline);
