#include "read_request.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>

#include "check.hpp"
#include "input.hpp"

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

std::variant<std::string, Status> read_request(const Socket& client, std::string& received,
                                               std::chrono::steady_clock::time_point deadline, const StopSignal& stop) {
  while (true) {
    if (const auto size = header_size(received)) {
      std::string header = received.substr(0, size);
      received.erase(0, size);
      return header;
    }
    if (received.size() >= max_header_bytes) break;
    // A client that has begun is served to the end, even if the server stops.
    const Input input = wait_for_input(client, deadline, received.empty() ? &stop : nullptr);
    if (input == Input::server_stops) return received;
    if (input == Input::is_late) return Status::request_timeout;
    char chunk[4096];
    const auto room = std::min(sizeof chunk, max_header_bytes - received.size());
    const auto count = recv(client.fd(), chunk, room, 0);
    if (count == -1 && errno == EINTR) continue;
    if (check(count, "recv") == 0) {
      if (received.empty()) return received;
      return Status::bad_request;
    }
    received.append(chunk, count);
  }
  return received.find('\n') == std::string::npos ? Status::uri_too_long : Status::header_fields_too_large;
}

void close_in_stages(Socket client) {
  if (shutdown(client.fd(), SHUT_WR) == -1) return;  // the client has reset the connection already
  const auto deadline = std::chrono::steady_clock::now() + linger_time;
  char dropped[4096];
  while (wait_for_input(client, deadline) == Input::comes) {
    if (recv(client.fd(), dropped, sizeof dropped, 0) <= 0) return;
  }
}
