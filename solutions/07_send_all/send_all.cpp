#include "send_all.hpp"

#include <sys/socket.h>
#include <sys/types.h>

#include <cerrno>
#include <cstddef>

#include "check.hpp"

void send_all(const Socket& socket, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = send(socket.fd(), text.data(), text.size(), MSG_NOSIGNAL);
    if (count == -1 && errno == EINTR) continue;
    text.remove_prefix(static_cast<std::size_t>(check(count, "send")));
  }
}
