// Tiny servers, one good and many bad: support_test.server PORT BEHAVIOUR.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

constexpr std::string_view answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

int listen_on(int port) {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(listener, reinterpret_cast<sockaddr*>(&address), size) != 0) {
    std::perror("bind");
    std::exit(1);
  }
  listen(listener, 16);
  getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  std::printf("listening on http://127.0.0.1:%d/\n", ntohs(address.sin_port));
  std::fflush(stdout);
  return listener;
}

void read_request(int client) {
  std::string request;
  char part[4096];
  while (request.find("\r\n\r\n") == request.npos) {
    const ssize_t count = recv(client, part, sizeof part, 0);
    if (count <= 0) return;
    request.append(part, static_cast<std::size_t>(count));
  }
}

void send_text(int client, std::string_view text, int flags = MSG_NOSIGNAL) {
  while (!text.empty()) {
    const ssize_t count = send(client, text.data(), text.size(), flags);
    if (count <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

void answer_well(int client) {
  read_request(client);
  send_text(client, answer);
  close(client);
}

[[noreturn]] void wait_for_ever() {
  for (;;) poll(nullptr, 0, -1);
}

void use_after_free() {
  auto number = std::make_unique<int>(7);
  const int* const gone = number.get();
  number.reset();
  std::fprintf(stderr, "%d\n", *gone);
}

void flood() {
  for (int i = 0; i < 100'000; ++i) std::fprintf(stderr, "line %d of very many\n", i);
}

int shared_number = 0;

void race() {
  std::thread one{[] { ++shared_number; }};
  std::thread two{[] { ++shared_number; }};
  one.join();
  two.join();
}

// Which thread receives a signal.
void tell_thread(int) {
  const std::string_view text = gettid() == getpid() ? "main\n" : "another thread\n";
  if (write(STDERR_FILENO, text.data(), text.size()) == -1) _exit(1);
}

std::atomic<bool> signal_has_come = false;

// Looks for a flag, and then waits: a signal between the two is lost.
void look_then_wait() {
  std::signal(SIGUSR1, [](int) { signal_has_come = true; });
  while (!signal_has_come) poll(nullptr, 0, -1);
}

[[noreturn]] void serve(int listener, std::string_view behaviour) {
  std::signal(SIGUSR1, tell_thread);
  if (behaviour == "has threads") {
    for (int i = 0; i < 3; ++i) std::thread{wait_for_ever}.detach();
  }
  for (;;) {
    if (behaviour == "looks, then waits") look_then_wait(), std::exit(0);
    if (behaviour == "never accepts") wait_for_ever();
    const int client = accept(listener, nullptr, nullptr);
    if (behaviour == "never reads") wait_for_ever();
    if (behaviour == "never answers") read_request(client), wait_for_ever();
    if (behaviour == "dribbles") read_request(client), send_text(client, "HTTP/1.1 "), wait_for_ever();
    while (behaviour == "spins") poll(nullptr, 0, 0);
    if (behaviour == "segfaults") read_request(client), raise(SIGSEGV);
    if (behaviour == "throws") read_request(client), throw std::runtime_error("the request was too much");
    if (behaviour == "exits") read_request(client), std::exit(3);
    if (behaviour == "is killed by SIGPIPE") {
      for (char byte; recv(client, &byte, 1, 0) > 0;) {
      }
      while (send(client, answer.data(), answer.size(), 0) > 0) {
      }
      send(client, answer.data(), answer.size(), 0);
    }
    if (behaviour == "tells what it reads") {
      char part[4096];
      while (const ssize_t count = recv(client, part, sizeof part, 0)) std::fprintf(stderr, "%zd ", count);
      close(client);
      continue;
    }
    if (behaviour == "answers in pieces") {
      read_request(client);
      for (std::size_t i = 0; i < answer.size(); i += 4) send_text(client, answer.substr(i, 4));
      close(client);
      continue;
    }
    if (behaviour == "resets") {
      read_request(client);
      send_text(client, answer.substr(0, 17));
      const linger now{1, 0};
      setsockopt(client, SOL_SOCKET, SO_LINGER, &now, sizeof now);
      close(client);
      continue;
    }
    if (behaviour == "answers long") {
      read_request(client);
      std::string text = "HTTP/1.1 200 OK\r\nContent-Length: 20000000\r\n\r\n";
      text.resize(text.size() + 20'000'000, 'x');
      send_text(client, text);
      close(client);
      continue;
    }
    if (behaviour == "floods stderr") flood();
    if (behaviour == "leaks descriptors") dup(client);
    answer_well(client);
    if (behaviour == "uses freed memory afterwards") use_after_free();
    if (behaviour == "races afterwards") race();
    if (behaviour == "ends well") std::exit(0);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view behaviour = argc > 2 ? argv[2] : "";
  if (behaviour == "prints nothing") wait_for_ever();
  if (behaviour == "dies at start") {
    std::fprintf(stderr, "site: No such file or directory\n");
    return 1;
  }
  if (behaviour == "says something else") {
    std::puts("Hello");
    std::fflush(stdout);
    wait_for_ever();
  }
  if (behaviour == "prints its folder") {
    std::fprintf(stderr, "%s %ld\n", std::unique_ptr<char, void (*)(void*)>{getcwd(nullptr, 0), std::free}.get(),
                 sysconf(_SC_OPEN_MAX));
  }
  if (behaviour == "floods stderr at start") flood();
  if (behaviour == "ignores SIGTERM") std::signal(SIGTERM, SIG_IGN);
  serve(listen_on(std::atoi(argv[1])), behaviour);
}
