#pragma once

#include <sys/socket.h>

#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "check.hpp"
#include "read_request.hpp"
#include "socket.hpp"
#include "status.hpp"

// The answers, as they go over the wire: status line, fields, blank line, body (RFC 9112 §2.1).
inline constexpr std::string_view page =
    "HTTP/1.1 200 OK\r\n"
    "Content-Type: text/html\r\n"
    "Content-Length: 69\r\n"
    "Connection: close\r\n"
    "\r\n"
    "<!DOCTYPE html>\n"
    "<title>Hello</title>\n"
    "<h1>Hello from your server</h1>\n";

inline constexpr std::string_view bad_request =
    "HTTP/1.1 400 Bad Request\r\n"
    "Content-Length: 0\r\n"
    "Connection: close\r\n"
    "\r\n";

inline constexpr std::string_view header_fields_too_large =
    "HTTP/1.1 431 Request Header Fields Too Large\r\n"
    "Content-Length: 0\r\n"
    "Connection: close\r\n"
    "\r\n";

// Receives a request from the client, answers it, and closes the connection. No request, no answer.
inline void handle_connection(Socket client) {
  const auto request = read_request(client);
  std::string_view answer = page;
  if (const auto* status = std::get_if<Status>(&request)) {
    answer = *status == Status::bad_request ? bad_request : header_fields_too_large;
  } else if (std::get<std::string>(request).empty()) {
    return;
  }
  check(send(client.fd(), answer.data(), answer.size(), 0), "send");
  close_in_stages(std::move(client));
}
