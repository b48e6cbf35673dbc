#include "handle_connection.hpp"

#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <string>
#include <utility>
#include <variant>

#include "check.hpp"
#include "parse_request.hpp"
#include "read_request.hpp"
#include "respond.hpp"
#include "send_all.hpp"
#include "status.hpp"

namespace {

using std::chrono::steady_clock;

// How long a client that reads nothing is waited for, until some of its answer has left.
constexpr timeval send_time{10, 0};

// Whether the client may still have something to send: content (RFC 9112 §6.3), or bytes that have arrived and were not
// read. A client that has nothing more, and leaves its end open, is not waited for.
bool may_go_on(const Socket& client, const Request& request) {
  const auto announces_content = [](const Field& field) {
    return is_named(field, "Content-Length") || is_named(field, "Transfer-Encoding");
  };
  char next;
  return std::any_of(request.fields.begin(), request.fields.end(), announces_content) ||
         recv(client.fd(), &next, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

void refuse(Socket client, Status status) {
  send_all(client, to_text(error_response(status)));
  close_in_stages(std::move(client));
}

void answer(Socket client, std::chrono::milliseconds header_time, const StopSignal& stop) {
  check(setsockopt(client.fd(), SOL_SOCKET, SO_SNDTIMEO, &send_time, sizeof send_time), "setsockopt");
  const auto received = read_request(client, steady_clock::now() + header_time, stop);
  if (const auto* status = std::get_if<Status>(&received)) return refuse(std::move(client), *status);
  const auto& text = std::get<std::string>(received);
  if (text.empty()) return;

  const auto parsed = parse_request(text);
  if (const auto* status = std::get_if<Status>(&parsed)) return refuse(std::move(client), *status);
  const auto& request = std::get<Request>(parsed);

  send_all(client, to_text(respond(request)));
  if (may_go_on(client, request)) close_in_stages(std::move(client));
}

}  // namespace

void handle_connection(Socket client, std::chrono::milliseconds header_time, const StopSignal& stop) noexcept {
  try {
    answer(std::move(client), header_time, stop);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
  }
}
