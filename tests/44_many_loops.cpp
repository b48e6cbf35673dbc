// The other test cases are in tests/shared: meson.build names those of this stage.
#include "expect/expect.hpp"
#include "server/client.hpp"
#include "server/kept_clients.hpp"
#include "server/pictures.hpp"
#include "server/server.hpp"
#include "system/process_facts.hpp"

#include <arpa/inet.h>
#include <dirent.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <list>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

using support::Client;
using support::expect;
using support::expect_kept_page;
using support::kept_request;
using support::length_in;
using support::line_200;
using support::long_time;
using support::picture_bytes;
using support::Server;
using support::with_limits;

namespace {

constexpr int many = 16;  // clients: so many that no loop is without any, but for a chance of 1 in 30,000
constexpr std::string_view last_request = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

std::vector<pid_t> threads_of(pid_t process) {
  std::vector<pid_t> threads;
  DIR* const folder = opendir(("/proc/" + std::to_string(process) + "/task").c_str());
  REQUIRE(folder != nullptr);
  while (const dirent* entry = readdir(folder)) {
    if (entry->d_name[0] != '.') threads.push_back(std::atoi(entry->d_name));
  }
  closedir(folder);
  return threads;
}

// A thread of another process that does nothing while this exists (Linux: man 2 ptrace).
class HeldThread {
 public:
  explicit HeldThread(pid_t thread) : thread_{thread} {
    is_held_ = ptrace(PTRACE_SEIZE, thread_, nullptr, nullptr) == 0;
    if (is_held_) ptrace(PTRACE_INTERRUPT, thread_, nullptr, nullptr);
    if (is_held_) waitpid(thread_, nullptr, __WALL);
  }
  ~HeldThread() {
    if (is_held_) ptrace(PTRACE_DETACH, thread_, nullptr, nullptr);
  }
  HeldThread(const HeldThread&) = delete;
  HeldThread& operator=(const HeldThread&) = delete;

 private:
  pid_t thread_;
  bool is_held_;  // not where the system forbids it
};

sockaddr_in address_of(std::uint32_t host, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(host);
  return address;
}

// A client without the care of a Client: it may be refused, and belong to any thread.
class Caller {
 public:
  // At 127.0.0.2: a socket that connects to its own port, as long as nobody listens there, must not find itself.
  Caller() {
    const sockaddr_in address = address_of(INADDR_LOOPBACK + 1, 0);
    bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  }
  ~Caller() { close(socket_); }
  Caller(const Caller&) = delete;
  Caller& operator=(const Caller&) = delete;

  bool connect(std::uint16_t port) const {
    const sockaddr_in address = address_of(INADDR_LOOPBACK, port);
    return ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }

  std::string answer_to(std::string_view request) const {
    const timeval guard{5, 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &guard, sizeof guard);
    send(socket_, request.data(), request.size(), MSG_NOSIGNAL);
    char start[64];
    const ssize_t count = recv(socket_, start, sizeof start, 0);
    return count < 0 ? std::strerror(errno) : std::string{start, static_cast<std::size_t>(count)};
  }

 private:
  int socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
};

std::string answer_to_connect(std::uint16_t port) {
  return Caller{}.connect(port) ? "a connection" : std::strerror(errno);
}

struct TwoLoops {
  TwoLoops() { server.wait_until_at_rest(); }  // all loops have begun

  Server server{{.folder = "tests/site", .args = with_limits(2, long_time, long_time)}};
  std::list<Client> clients;
};

}  // namespace

// Main alone may take this client, and after that, main alone may not. Each loop has its clients to itself, so this one
// need not be answered before all threads go on.
TEST_CASE_FIXTURE(TwoLoops, "a client is answered, whichever thread is held up meanwhile") {
  std::list<HeldThread> others;
  for (const pid_t thread : threads_of(server.pid())) {
    if (thread != server.pid()) others.emplace_back(thread);
  }
  Client client{server};
  client.send(kept_request);
  for (int i = 0; i < 200 && !client.has_mail(); ++i) poll(nullptr, 0, 1);
  others.clear();
  expect("the answer", client.receive_answer()).starts_with(line_200);
  server.wait_until_at_rest();
  {
    const HeldThread main{server.pid()};
    client.send(kept_request);
    for (int i = 0; i < 200 && !client.has_mail(); ++i) poll(nullptr, 0, 1);
  }
  expect("the second answer", client.receive_answer()).starts_with(line_200);
}

TEST_CASE_FIXTURE(TwoLoops, "while one thread is held up, clients are served by another one") {
  for (int i = 0; i < many; ++i) expect_kept_page(clients.emplace_back(server), "the answer to one of many clients");
  server.wait_until_at_rest();
  for (const pid_t thread : threads_of(server.pid())) {
    {
      const HeldThread held{thread};
      for (Client& client : clients) client.send(kept_request);
      const auto somebody_is_answered = [this] {
        return std::ranges::any_of(clients, [](const Client& client) { return client.has_mail(); });
      };
      expect("whether any of many clients is answered while one thread is held up", somebody_is_answered).becomes(true);
    }
    for (Client& client : clients) {
      expect("the answer when no thread is held up", client.receive_answer()).starts_with(line_200);
    }
  }
}

TEST_CASE_FIXTURE(TwoLoops, "each of many clients gets its own picture") {
  for (int size = 1; size <= many; ++size) {
    clients.emplace_back(server).send(support::request_for_picture("size=" + std::to_string(4 * size)));
  }
  std::size_t size = 0;
  for (Client& client : clients) {
    ++size;
    expect("the length of the picture", length_in(client.receive_answer())).is(std::to_string(picture_bytes(4 * size)));
  }
}

TEST_CASE("when the server stops, every loop ends") {
  for (const int loops : {1, 2, 5}) {
    Server server{{.folder = "tests/site", .args = with_limits(loops, long_time, long_time)}};
    server.wait_until_at_rest();
    std::list<Client> clients;
    for (int i = 0; i < many; ++i) expect_kept_page(clients.emplace_back(server), "the answer to one of many clients");
    for (int i = 0; i < many; ++i) clients.emplace_back(server);
    server.wait_until_at_rest();
    server.signal(SIGTERM);
    expect("the server's exit status", static_cast<int>(server.wait())).is(0);
    for (Client& client : clients) expect("what a client hears that asks for nothing", client.receive_all()).is("");
  }
}

TEST_CASE_FIXTURE(TwoLoops, "when the server stops, every loop answers its clients, and refuses new ones") {
  for (int i = 0; i < many; ++i) {
    clients.emplace_back(server).send("GET / HTTP/1.1\r\n");
    clients.back().wait_until_read();
  }
  server.signal(SIGTERM);
  const auto answer = [&] { return answer_to_connect(server.port()); };
  expect("what a new client gets, after the signal", answer).becomes("Connection refused");
  for (Client& client : clients) {
    client.send("Host: localhost\r\n\r\n");
    expect("the answer to one that had begun before", client.receive_all()).starts_with(line_200);
    client.close();
  }
  expect("the server's exit status", static_cast<int>(server.wait())).is(0);
}

TEST_CASE_FIXTURE(TwoLoops, "an answer that a loop waits for is sent, even if the other loop has ended") {
  for (int i = 0; i < many; ++i) expect_kept_page(clients.emplace_back(server), "the answer to one of many clients");
  Client client{server};
  client.send(support::request_for_picture("x=-0.1&zoom=100&size=192"));
  client.wait_until_read();
  server.signal(SIGTERM);
  expect("the length of the picture", length_in(client.receive_all().bytes)).is(std::to_string(picture_bytes(192)));
  client.close();
  expect("the server's exit status", static_cast<int>(server.wait())).is(0);
}

TEST_CASE_FIXTURE(TwoLoops, "a picture may be ready when the loop that asked for it has ended") {
  const int pictures = support::thread_sanitizer ? 2 : 6;  // under it, each of them takes ten times as long
  for (int i = 0; i < pictures; ++i) {
    clients.emplace_back(server).send(support::request_for_picture("x=-0.1&zoom=100&size=128"));
    clients.back().wait_until_read();
    clients.back().reset();
  }
  server.signal(SIGTERM);
  expect("the server's exit status", static_cast<int>(server.wait())).is(0);
}

TEST_CASE("a client that comes while the server still begins is answered") {
  for (int i = 0; i < 5; ++i) {
    const std::uint16_t port = Server{{.folder = "tests/site"}}.port();  // a free one: that server ends here
    std::string answer;
    std::jthread early{[&](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        const Caller caller;
        if (!caller.connect(port)) continue;
        answer = caller.answer_to(last_request);
        return;
      }
    }};
    const Server server{{.port = port, .folder = "tests/site", .args = with_limits(4, long_time, long_time)}};
    early.join();
    expect("the answer to a client that came as early as it could", answer).starts_with(line_200);
  }
}
