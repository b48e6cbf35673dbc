#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <cstdio>
#include <utility>

#include "check.hpp"
#include "handle_connection.hpp"
#include "number_from.hpp"
#include "socket.hpp"

// server [PORT]: serves one client after the other on 127.0.0.1. PORT is 8080 unless given; 0 takes any free port.
int main(int argc, char* argv[]) {
  const auto port = static_cast<std::uint16_t>(argc > 1 ? number_from(argv[1], "PORT", 0, 65535) : 8080);

  const Socket listener{check(socket(AF_INET, SOCK_STREAM, 0), "socket")};
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  check(bind(listener.fd(), reinterpret_cast<sockaddr*>(&address), sizeof address), "bind");
  check(listen(listener.fd(), SOMAXCONN), "listen");

  socklen_t size = sizeof address;
  check(getsockname(listener.fd(), reinterpret_cast<sockaddr*>(&address), &size), "getsockname");
  std::printf("listening on http://127.0.0.1:%d/\n", ntohs(address.sin_port));
  std::fflush(stdout);

  while (true) {
    Socket client{check(accept(listener.fd(), nullptr, nullptr), "accept")};
    handle_connection(std::move(client));
  }
}
