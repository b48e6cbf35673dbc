// What the kernel knows about a TCP connection on 127.0.0.1.
#pragma once

#include <cstddef>
#include <cstdint>

namespace support {

// The bytes that lie at the end with the port `reader`, received and not yet read by the program there; `sender` is the
// port at the other end. 0 when that end is closed.
std::size_t unread_bytes(std::uint16_t reader, std::uint16_t sender);

// Whether the connection of `client` lies ready for accept(2) at the port `listener`, or has been accepted. On a busy
// machine connect(2) may return earlier, as it needs no answer to its last segment (RFC 9293, section 3.5).
bool has_arrived(std::uint16_t listener, std::uint16_t client);

}  // namespace support
