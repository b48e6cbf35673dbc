// Stage 09, slow neighbour: docs/09_slow_neighbour.md
#include "handle_connection.hpp"

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

void handle_connection(Socket client) noexcept {
  try {
    const auto received = read_request(client);
    const auto* text = std::get_if<std::string>(&received);
    if (text != nullptr && text->empty()) return;

    const auto parsed = text != nullptr ? parse_request(*text) : std::get<Status>(received);
    const auto* request = std::get_if<Request>(&parsed);
    const Response response = request != nullptr ? respond(*request) : error_response(std::get<Status>(parsed));
    send_all(client, to_text(response));
    close_in_stages(std::move(client));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
  }
}
