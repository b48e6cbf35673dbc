// Stage 07, send all: docs/07_send_all.md
#pragma once

#include <string>
#include <utility>
#include <variant>

#include "parse_request.hpp"
#include "read_request.hpp"
#include "respond.hpp"
#include "send_all.hpp"
#include "socket.hpp"
#include "status.hpp"

// Receives a request from the client, answers it, and closes the connection. No request, no answer.
inline void handle_connection(Socket client) {
  const auto received = read_request(client);
  const auto* text = std::get_if<std::string>(&received);
  if (text != nullptr && text->empty()) return;

  const auto parsed = text != nullptr ? parse_request(*text) : std::get<Status>(received);
  const auto* request = std::get_if<Request>(&parsed);
  const Response response = request != nullptr ? respond(*request) : error_response(std::get<Status>(parsed));
  send_all(client, to_text(response));
  close_in_stages(std::move(client));
}
