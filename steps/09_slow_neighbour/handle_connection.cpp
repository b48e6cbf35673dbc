// Stage 09, slow neighbour: docs/09_slow_neighbour.md
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

// Whether the client may have more to say: content (RFC 9112 §6.3), or what already lies there unread. A client that
// has not, and leaves its end open, is not waited for.
bool may_go_on(const Socket& client, const Request& request) {
  const auto announces_content = [](const Field& field) {
    return is_named(field, "Content-Length") || is_named(field, "Transfer-Encoding");
  };
  char next;
  return std::any_of(request.fields.begin(), request.fields.end(), announces_content) ||
         recv(client.fd(), &next, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

}  // namespace

void handle_connection(Socket client) noexcept {
  try {
    const auto received = read_request(client);
    const auto* text = std::get_if<std::string>(&received);
    if (text != nullptr && text->empty()) return;

    const auto parsed = text != nullptr ? parse_request(*text) : std::get<Status>(received);
    const auto* request = std::get_if<Request>(&parsed);
    const Response response = request != nullptr ? respond(*request) : error_response(std::get<Status>(parsed));
    send_all(client, to_text(response));
    if (request == nullptr || may_go_on(client, *request)) close_in_stages(std::move(client));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
  }
}
