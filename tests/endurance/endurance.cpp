// 200 clients that ask a server for millions of pages, or that are being answered when it is asked to stop; ./run says
// more. One thread, epoll.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr int clients_at_a_time = 200;
constexpr int requests_on_a_connection = 100;

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error{what + ": " + std::strerror(errno)};
}

// The server as a process of its own. It is killed when this object ends before it.
class Server {
 public:
  Server(const std::string& program, const std::string& folder, const std::string& workers) {
    int out[2];
    if (pipe2(out, O_CLOEXEC) != 0) fail("pipe2");
    pid_ = fork();
    if (pid_ == -1) fail("fork");
    if (pid_ == 0) {
      dup2(out[1], STDOUT_FILENO);
      if (freopen("/dev/null", "w", stderr) == nullptr || chdir(folder.c_str()) != 0) _exit(127);
      execl(program.c_str(), program.c_str(), "0", "0", workers.c_str(), nullptr);
      _exit(127);
    }
    ::close(out[1]);
    char line[128] = {};
    if (read(out[0], line, sizeof line - 1) <= 0) throw std::runtime_error{"the server does not start: " + program};
    ::close(out[0]);
    const std::string_view said{line};
    port_ = static_cast<std::uint16_t>(std::atoi(line + said.rfind(':') + 1));
  }
  ~Server() {
    if (pid_ > 0) kill(pid_, SIGKILL), waitpid(pid_, nullptr, 0);
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::uint16_t port() const { return port_; }

  // A number in /proc/PID/status, such as Threads, or VmRSS in kB.
  long status(const std::string& name) const {
    std::ifstream file{"/proc/" + std::to_string(pid_) + "/status"};
    for (std::string line; std::getline(file, line);) {
      if (line.starts_with(name + ":")) return std::atol(line.c_str() + name.size() + 1);
    }
    return -1;
  }

  // Connections that wait to be accepted.
  long not_accepted() const {
    std::ifstream file{"/proc/net/tcp"};
    char address[32];
    std::snprintf(address, sizeof address, "0100007F:%04X 00000000:0000 0A ", port_);
    for (std::string line; std::getline(file, line);) {
      if (const auto at = line.find(address); at != std::string::npos)
        return std::strtol(line.c_str() + line.find(':', at + std::strlen(address)) + 1, nullptr, 16);
    }
    return 0;
  }

  void ask_to_stop() const { kill(pid_, SIGTERM); }

  // Its exit code, or minus the signal's number.
  int wait() {
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }

 private:
  pid_t pid_ = 0;
  std::uint16_t port_ = 0;
};

enum class Kind { good, resets, half, garbage, silent };

struct Client {
  Kind kind = Kind::good;
  int fd = -1;
  int left = 0;  // requests on this connection
  std::string received;
  Clock::time_point begins{};  // when a connection is made, if there is none
};

struct Counts {
  long answered = 0;    // 200, and the page byte for byte
  long refused = 0;     // 503
  long broken = 0;      // anything else
  long misbehaved = 0;  // connections of clients that do not ask properly
};

class Crowd {
 public:
  Crowd(const Server& server, std::string target, std::string page)
      : server_{server}, page_{std::move(page)}, poll_{epoll_create1(EPOLL_CLOEXEC)}, clients_(clients_at_a_time) {
    request_ = "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
  }
  ~Crowd() {
    for (Client& each : clients_) close(each);
    ::close(poll_);
  }

  Counts counts;

  // `bad`: how many of the clients misbehave, each in one of four ways, as chance will have it.
  void ask(long requests, int bad, long progress_each) {
    for (int i = 0; i < bad; ++i) clients_[static_cast<std::size_t>(i)].kind = Kind::silent;
    to_ask_ = requests;
    long told = 0;
    while (counts.answered + counts.refused + counts.broken < requests) {
      connect_those_who_may();
      turn(10);
      if (const long done = counts.answered + counts.refused + counts.broken; done / progress_each > told) {
        told = done / progress_each;
        std::printf("%12ld requests: %ld answered, %ld refused, %ld broken; %ld threads, %ld KiB\n", done,
                    counts.answered, counts.refused, counts.broken, server_.status("Threads"), server_.status("VmRSS"));
        std::fflush(stdout);
      }
    }
  }

  // Every client asks once; the server is asked to stop when all of them have been accepted, after `wait` more.
  void ask_once_and_stop(milliseconds wait) {
    to_ask_ = clients_at_a_time;
    connect_those_who_may();
    while (server_.not_accepted() > 0) turn(1);
    const auto end = Clock::now() + wait;
    while (Clock::now() < end) turn(1);
    server_.ask_to_stop();
    while (counts.answered + counts.refused + counts.broken < clients_at_a_time) turn(10);
  }

 private:
  void connect_those_who_may() {
    for (Client& each : clients_) {
      if (each.fd == -1 && Clock::now() >= each.begins && (each.kind != Kind::good || to_ask_ > 0)) connect(each);
    }
  }

  void connect(Client& client) {
    if (client.kind != Kind::good) client.kind = static_cast<Kind>(1 + random_() % 4);
    client.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(server_.port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (client.fd == -1 || ::connect(client.fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
      fail("connect");
    client.received.clear();
    if (client.kind != Kind::good) return misbehave(client);
    client.left = requests_on_a_connection;
    watch(client);
    send_next(client);
  }

  void watch(Client& client) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = &client;
    if (epoll_ctl(poll_, EPOLL_CTL_ADD, client.fd, &event) != 0) fail("epoll_ctl");
  }

  void misbehave(Client& client) {
    ++counts.misbehaved;
    std::string bytes = request_.substr(0, request_.size() / 2);
    if (client.kind == Kind::silent) bytes.clear();
    if (client.kind == Kind::garbage) {
      for (char& each : bytes) each = static_cast<char>(random_());
      bytes += "\n\n";
    }
    ::send(client.fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (client.kind == Kind::garbage) return watch(client);  // waits for what the server says
    if (client.kind == Kind::resets) {
      const linger at_once{1, 0};
      setsockopt(client.fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }
    leave(client, milliseconds{1});
  }

  void send_next(Client& client) {
    if (client.left == 0 || to_ask_ == 0) return leave(client, milliseconds{0});
    --client.left;
    --to_ask_;
    ::send(client.fd, request_.data(), request_.size(), MSG_NOSIGNAL);
  }

  void turn(int ms) {
    epoll_event events[clients_at_a_time];
    const int count = epoll_wait(poll_, events, clients_at_a_time, ms);
    for (int i = 0; i < count; ++i) receive(*static_cast<Client*>(events[i].data.ptr));
  }

  void receive(Client& client) {
    char piece[16384];
    const ssize_t count = recv(client.fd, piece, sizeof piece, 0);
    if (client.kind != Kind::good) {
      if (count <= 0) leave(client, milliseconds{1});
      return;
    }
    if (count <= 0) {
      ++counts.broken;  // it was asked, and has not answered
      return leave(client, milliseconds{1});
    }
    client.received.append(piece, static_cast<std::size_t>(count));
    const auto head = client.received.find("\r\n\r\n");
    if (head == std::string::npos) return;
    constexpr std::string_view length = "Content-Length: ";
    const auto field = client.received.find(length);
    const auto size = field < head ? std::strtoul(client.received.c_str() + field + length.size(), nullptr, 10) : 0;
    if (client.received.size() < head + 4 + size) return;
    const bool closes = client.received.find("\r\nConnection: close") < head;
    if (client.received.starts_with("HTTP/1.1 503 ")) {
      ++counts.refused;
      return leave(client, milliseconds{20});
    }
    const bool good =
        client.received.starts_with("HTTP/1.1 200 ") && std::string_view{client.received}.substr(head + 4) == page_;
    ++(good ? counts.answered : counts.broken);
    client.received.clear();
    if (closes) return leave(client, milliseconds{0});
    send_next(client);
  }

  void close(Client& client) {
    if (client.fd != -1) ::close(client.fd);
    client.fd = -1;
  }

  void leave(Client& client, milliseconds pause) {
    close(client);
    client.begins = Clock::now() + pause;
  }

  const Server& server_;
  std::string request_;
  std::string page_;
  int poll_;
  std::vector<Client> clients_;
  long to_ask_ = 0;
  std::mt19937 random_{1};  // NOLINT: the same bytes each time
};

std::string contents_of(const std::string& file) {
  std::ifstream stream{file, std::ios::binary};
  if (!stream) throw std::runtime_error{"cannot read " + file};
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

// Whether all that were asked for were answered or refused, and the server has no more threads than it should.
bool ask(const std::string& program, const std::string& site, long requests, int bad) {
  const Server server{program, site, "4"};
  Crowd crowd{server, "/", contents_of(site + "/index.html")};
  const auto begin = Clock::now();
  crowd.ask(requests, bad, std::max(requests / 10, 1L));
  const auto seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  const long threads = server.status("Threads");
  std::printf("%.0f s, %.0f requests per second", seconds, static_cast<double>(requests) / seconds);
  if (bad > 0) std::printf("; beside them %ld connections of clients that misbehave", crowd.counts.misbehaved);
  std::printf(". Threads of a pool of 4, at the end: %ld.\n", threads);
  return crowd.counts.broken == 0 && threads <= 5;
}

bool stop(const std::string& program, const std::string& site, int rounds) {
  Counts all;
  int clean = 0;
  for (int i = 0; i < rounds; ++i) {
    Server server{program, site, "4"};
    Crowd crowd{server, "/sleep?ms=5", "slept 5 ms\n"};
    crowd.ask_once_and_stop(milliseconds{i % 20});
    const int code = server.wait();
    if (code != 0) std::printf("round %d: the server ended with %d\n", i + 1, code);
    if (code == 0) ++clean;
    all.answered += crowd.counts.answered;
    all.refused += crowd.counts.refused;
    all.broken += crowd.counts.broken;
  }
  std::printf(
      "%d times SIGTERM with 200 requests in flight: %d ended with exit code 0; %ld answered, %ld refused (503), "
      "%ld broken\n",
      rounds, clean, all.answered, all.refused, all.broken);
  return clean == rounds && all.broken == 0;
}

}  // namespace

int main(int argc, char* argv[]) {
  if (argc != 5) {
    std::fprintf(stderr, "endurance SERVER SITE requests|bad|stop COUNT\n");
    return 2;
  }
  try {
    const std::string_view what = argv[3];
    const long count = std::atol(argv[4]);
    if (what == "stop") return stop(argv[1], argv[2], static_cast<int>(count)) ? 0 : 1;
    return ask(argv[1], argv[2], count, what == "bad" ? clients_at_a_time / 4 : 0) ? 0 : 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
