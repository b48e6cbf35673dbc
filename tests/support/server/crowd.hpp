// Many clients at a time, for counting answers; for looking at them there is client.hpp.
#pragma once

#include <cstdint>
#include <string_view>

namespace support {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool sanitized = true;
#elif defined(__has_feature)
inline constexpr bool sanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
inline constexpr bool sanitized = false;
#endif

// Sends the request `requests` times, each on a connection of its own, `clients` at a time, and returns how many of
// them got exactly this answer before the server closed the connection. Gives up when nothing comes any more.
int ask_as_crowd(std::uint16_t port, int clients, int requests, std::string_view request, std::string_view answer);

}  // namespace support
