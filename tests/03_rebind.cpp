#include "check.hpp"
#include "expect/expect.hpp"
#include "listener.hpp"
#include "server/client.hpp"
#include "server/server.hpp"
#include "socket.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

using support::Client;
using support::expect;
using support::Server;

namespace {

constexpr std::string_view request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
constexpr std::string_view status_line = "HTTP/1.1 200 OK\r\n";

// Whether anything still holds the port, closed connections included: a bind without any option fails.
bool is_held(std::uint16_t port) {
  const Socket probe{socket(AF_INET, SOCK_STREAM, 0)};
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return bind(probe.fd(), reinterpret_cast<sockaddr*>(&address), sizeof address) == -1;
}

// A free port below those that the system hands out, so that no other program gets it while the server is down.
std::uint16_t quiet_port() {
  auto port = static_cast<std::uint16_t>(20000 + getpid() % 10000);
  while (is_held(port)) ++port;
  return port;
}

// What the error says that `call` throws.
template <class Call>
std::string error_of(Call call) {
  try {
    call();
  } catch (const std::system_error& error) {
    return error.what();
  }
  return "no error";
}

bool options_are_refused = false;

}  // namespace

// Stands in front of the C library's, for this program and the code that it tests. The value is read here, as the
// system reads it, so that a sanitizer sees a size that is not the value's.
extern "C" int setsockopt(int descriptor, int level, int name, const void* value, socklen_t size) noexcept {
  const auto* const bytes = static_cast<const char*>(value);
  const std::vector<char> copy(bytes, bytes + size);
  if (!options_are_refused) {
    return static_cast<int>(syscall(SYS_setsockopt, descriptor, level, name, copy.data(), size));
  }
  errno = ENOPROTOOPT;
  return -1;
}

TEST_CASE("a restarted server gets its port again") {
  const std::uint16_t port = quiet_port();
  {
    Server first{{.port = port}};
    Client client{first};
    client.send(request);
    expect("the first server answers", client.receive_all()).starts_with(status_line);
    client.close();
    first.stop();
  }
  expect("the closed connection still holds the port", is_held(port)).is(true);

  Server second{{.port = port}};
  expect("the port of the second server", second.port()).is(port);
  Client client{second};
  client.send(request);
  expect("the second server answers", client.receive_all()).starts_with(status_line);
}

TEST_CASE("a client that resets its connection does not end the server") {
  Server server;
  {
    Client client{server};
    expect("the server waits for the request", client.hears_nothing()).is(true);
    client.reset();
  }
  server.wait_until_at_rest();
  Client next{server};
  next.send(request);
  expect("the next client is served", next.receive_all()).starts_with(status_line);
  expect("what the server reports", server.stderr_text()).is("recv: Connection reset by peer\n");
}

TEST_CASE("a call that fails is thrown as an error with its name and the reason") {
  const auto failing_open = [] {
    errno = ENOENT;
    check(-1, "open");
  };
  expect("the error", error_of(failing_open)).is("open: No such file or directory");
}

TEST_CASE("a call that succeeds hands on its result") {
  expect("the result", check(7, "open")).is(7);
  expect("the result", check(0, "recv")).is(0);
}

TEST_CASE("a port where a server listens is not shared") {
  const Socket listener = listen_on(0);
  const std::uint16_t port = port_of(listener);
  expect("the error", error_of([port] { listen_on(port); })).is("bind: Address already in use");
}

TEST_CASE("an option that the system refuses is an error too") {
  INFO("setsockopt returns -1, and errno is ENOPROTOOPT");
  options_are_refused = true;
  const std::string error = error_of([] { listen_on(0); });
  options_are_refused = false;
  expect("the error", error).is("setsockopt: Protocol not available");
}
