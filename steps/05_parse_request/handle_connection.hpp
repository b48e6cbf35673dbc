// Stage 05, parse request: docs/05_parse_request.md
#pragma once

#include <sys/socket.h>

#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "check.hpp"
#include "parse_request.hpp"
#include "read_request.hpp"
#include "socket.hpp"
#include "status.hpp"

// The answer to every request, as it goes over the wire: status line, fields, blank line, body (RFC 9112 §2.1).
inline constexpr std::string_view page =
    "HTTP/1.1 200 OK\r\n"
    "Content-Type: text/html\r\n"
    "Content-Length: 69\r\n"
    "Connection: close\r\n"
    "\r\n"
    "<!DOCTYPE html>\n"
    "<title>Hello</title>\n"
    "<h1>Hello from your server</h1>\n";

// The answer to what is not a request.
inline std::string refusal(Status status) {
  const std::string reason = status == Status::version_not_supported     ? "505 HTTP Version Not Supported"
                             : status == Status::header_fields_too_large ? "431 Request Header Fields Too Large"
                                                                         : "400 Bad Request";
  return "HTTP/1.1 " + reason + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
}

// Receives a request from the client, answers it, and closes the connection. No request, no answer.
inline void handle_connection(Socket client) {
  const auto received = read_request(client);
  const auto* text = std::get_if<std::string>(&received);
  if (text != nullptr && text->empty()) return;

  const auto parsed = text != nullptr ? parse_request(*text) : std::get<Status>(received);
  const auto* request = std::get_if<Request>(&parsed);
  const std::string answer = request != nullptr ? std::string{page} : refusal(std::get<Status>(parsed));
  check(send(client.fd(), answer.data(), answer.size(), 0), "send");
  close_in_stages(std::move(client));
}
