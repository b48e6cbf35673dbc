// Stage 31, keep alive: docs/31_keep_alive.md
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include "socket.hpp"
#include "status.hpp"
#include "stop_signal.hpp"

// The longest header section that is read, in bytes, its blank line included.
inline constexpr std::size_t max_header_bytes = 8192;

// The size in bytes of the header section that `received` starts with, its blank line included; 0 while that line has
// not come. Lines may end in LF alone (RFC 9112 §2.2): such a request is whole; to judge it is not done here.
std::size_t header_size(std::string_view received);

// Returns a request's header section, its blank line included. `received` is what has come on this connection and was
// not used yet: it is looked at first, and keeps what follows the header section. Returns an empty string when the
// client closes without a byte, or when the server is asked to stop before the first has come; bad_request when the
// client closes midway; header_fields_too_large when there is no blank line within max_header_bytes, or uri_too_long
// when not even the first line ends there; and request_timeout when there is no blank line by the deadline. Throws
// std::system_error, for example for a reset (POSIX recv).
std::variant<std::string, Status> read_request(const Socket& client, std::string& received,
                                               std::chrono::steady_clock::time_point deadline, const StopSignal& stop);

// Says that no more comes, then drops what the client still sends, for a second at most, and closes. To close while
// input is unread would reset the connection, and the client might lose the answer (RFC 9112 §9.6).
void close_in_stages(Socket client);
