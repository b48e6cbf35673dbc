#pragma once

#include <sys/socket.h>

#include <string_view>

#include "check.hpp"
#include "socket.hpp"

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

// Receives a request from the client, sends the page, and closes the connection.
inline void handle_connection(Socket client) {
  char request[4096];
  check(recv(client.fd(), request, sizeof request, 0), "recv");
  check(send(client.fd(), page.data(), page.size(), 0), "send");
}
