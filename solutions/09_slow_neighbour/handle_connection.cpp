#include "handle_connection.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <string>
#include <utility>
#include <variant>

#include "parse_request.hpp"
#include "read_request.hpp"
#include "respond.hpp"
#include "send_all.hpp"
#include "status.hpp"

namespace {

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

void answer(Socket client) {
  const auto received = read_request(client);
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

void handle_connection(Socket client) noexcept {
  try {
    answer(std::move(client));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
  }
}
