#include "read_request.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>

#include "check.hpp"

namespace {

// How long close_in_stages waits for the client to end its side.
constexpr std::chrono::milliseconds linger_time{1000};

}  // namespace

std::size_t header_size(std::string_view received) {
  for (auto end = received.find('\n'); end != std::string_view::npos; end = received.find('\n', end + 1)) {
    const auto rest = received.substr(end + 1);
    if (rest.starts_with("\r\n")) return end + 3;
    if (rest.starts_with('\n')) return end + 2;
  }
  return 0;
}

std::variant<std::string, Status> read_request(const Socket& client) {
  std::string received;
  while (received.size() < max_header_bytes) {
    char chunk[4096];
    const auto room = std::min(sizeof chunk, max_header_bytes - received.size());
    const auto count = recv(client.fd(), chunk, room, 0);
    if (count == -1 && errno == EINTR) continue;
    if (check(count, "recv") == 0) {
      if (received.empty()) return received;
      return Status::bad_request;
    }
    received.append(chunk, count);
    if (const auto size = header_size(received)) return received.substr(0, size);
  }
  return Status::header_fields_too_large;
}

void close_in_stages(Socket client) {
  using std::chrono::duration_cast, std::chrono::milliseconds, std::chrono::steady_clock;
  if (shutdown(client.fd(), SHUT_WR) == -1) return;  // the client has reset the connection already
  const auto deadline = steady_clock::now() + linger_time;
  for (auto left = linger_time; left.count() > 0; left = duration_cast<milliseconds>(deadline - steady_clock::now())) {
    pollfd input{client.fd(), POLLIN, 0};
    char dropped[4096];
    const int ready = poll(&input, 1, static_cast<int>(left.count()));
    if (ready == -1 && errno == EINTR) continue;
    if (ready != 1) return;
    if (recv(client.fd(), dropped, sizeof dropped, 0) <= 0) return;
  }
}
