// Stage 01, call first: docs/01_call_first.md
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <string_view>

#include "check.hpp"
#include "number_from.hpp"

// The answer to every request, as it goes over the wire: status line, fields, blank line, body (RFC 9112 §2.1).
constexpr std::string_view page =
    "HTTP/1.1 200 OK\r\n"
    "Content-Type: text/html\r\n"
    "Content-Length: 69\r\n"
    "Connection: close\r\n"
    "\r\n"
    "<!DOCTYPE html>\n"
    "<title>Hello</title>\n"
    "<h1>Hello from your server</h1>\n";

// TODO: write the function that main calls to send the page to a client.

// server [PORT]: serves one client after the other on 127.0.0.1. PORT is 8080 unless given; 0 takes any free port.
int main(int argc, char* argv[]) {
  const auto port = static_cast<std::uint16_t>(argc > 1 ? number_from(argv[1], "PORT", 0, 65535) : 8080);

  const int listener = check(socket(AF_INET, SOCK_STREAM, 0), "socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  check(bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address), "bind");
  check(listen(listener, SOMAXCONN), "listen");

  socklen_t size = sizeof address;
  check(getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size), "getsockname");
  std::printf("listening on http://127.0.0.1:%d/\n", ntohs(address.sin_port));
  std::fflush(stdout);

  while (true) {
    const int client = check(accept(listener, nullptr, nullptr), "accept");
    char request[4096];
    check(recv(client, request, sizeof request, 0), "recv");
    answer(client);
    check(close(client), "close");
  }
}
