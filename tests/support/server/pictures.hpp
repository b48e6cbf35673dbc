// Pictures that a server is asked for, and how long they are.
#pragma once

#include "server/kept_clients.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace support {

inline std::string request_for_picture(std::string_view query) {
  return "GET /mandelbrot?" + std::string{query} + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
}

// In bytes: two headers, 256 colours, and a byte for each point; `size` is a multiple of 4.
constexpr std::size_t picture_bytes(std::size_t size) {
  return 14 + 40 + 256 * 4 + size * size;
}

// Each point of the slow picture is in the set, so that each takes 255 iterations: a tenth of a second in all, without
// optimisation.
inline const std::string slow_picture = request_for_picture("x=-0.1&zoom=100&size=256");
inline const std::string slow_bytes = std::to_string(picture_bytes(256));
inline const std::string small_picture = request_for_picture("size=4");
inline const std::string small_bytes = std::to_string(picture_bytes(4));

// What an answer says about the length of its content.
inline std::string length_in(std::string_view answer) {
  return std::string{field_of(answer, "Content-Length")};
}

}  // namespace support
