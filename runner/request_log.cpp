// What `./learn serve --log` loads into a server (LD_PRELOAD, man 8 ld.so). It looks on at the calls by which the
// server talks to its clients, and prints a line for each response on stderr. The calls do what they do without it.

#include <dlfcn.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace {

using Clock = std::chrono::steady_clock;

double ms_since(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

struct Connection {
  int number = 0;
  Clock::time_point accepted = Clock::now();
  double waited_ms = -1;  // until a thread first turned to it; negative: none has yet
  Clock::time_point received_last = accepted;
  std::string received;  // what no response has answered yet
  std::string response;  // its header section, as far as it was sent; empty between two responses
  std::size_t sent = 0;  // bytes of the response
  int answered = 0;
};

// The function of this name that would be called without this library.
template <class F>
F* original(F*, const char* name) {
  return reinterpret_cast<F*>(dlsym(RTLD_NEXT, name));
}

// Which thread this is: main, or a number in the order in which threads were first seen.
std::string thread_name() {
  static std::atomic<int> seen = 0;
  thread_local const int number = getpid() == gettid() ? 0 : ++seen;
  return number == 0 ? "main" : "thread " + std::to_string(number);
}

class Log {
 public:
  void accepted(int fd) {
    const std::lock_guard lock{mutex_};
    connections_[fd] = {};
    connections_[fd].number = ++count_;
  }

  void turned_to(int fd) {
    with(fd, [](Connection& one) {
      if (one.waited_ms < 0) one.waited_ms = ms_since(one.accepted);
    });
  }

  void received(int fd, std::string_view bytes) {
    with(fd, [&](Connection& one) {
      if (one.received.size() < most_bytes) one.received.append(bytes);
      one.received_last = Clock::now();
    });
  }

  void sent(int fd, std::string_view bytes) {
    with(fd, [&](Connection& one) {
      if (one.response.empty() && bytes.starts_with("HTTP/1.1 1")) return;  // more will follow (RFC 9110 §15.2)
      one.sent += bytes.size();
      if (one.response.size() < most_bytes && one.response.find("\r\n\r\n") == std::string::npos)
        one.response.append(bytes);
      if (is_whole(one)) tell(one);
    });
  }

  void ends(int fd) {
    const std::lock_guard lock{mutex_};
    const auto found = connections_.find(fd);
    if (found == connections_.end()) return;
    Connection& one = found->second;
    if (!one.response.empty()) tell(one);
    if (one.answered == 0) {
      std::fprintf(stderr, "client %d, %s: %s; closed after %.0f ms without a response\n", one.number,
                   thread_name().c_str(), what_came(one.received), ms_since(one.accepted));
    }
    connections_.erase(found);
  }

 private:
  static constexpr std::size_t most_bytes = 16'384;

  static const char* what_came(std::string_view received) {
    if (received.empty()) return "nothing came";
    return received.find("\r\n\r\n") == std::string_view::npos ? "no whole request came" : "a request came";
  }

  template <class F>
  void with(int fd, F change) {
    const std::lock_guard lock{mutex_};
    if (const auto found = connections_.find(fd); found != connections_.end()) change(found->second);
  }

  static bool is_whole(const Connection& one) {
    const auto end = one.response.find("\r\n\r\n");
    if (end == std::string::npos) return false;
    if (one.received.starts_with("HEAD ")) return true;
    constexpr std::string_view name = "\r\nContent-Length: ";
    const auto field = one.response.find(name);
    return field < end && one.sent >= end + 4 + std::strtoul(one.response.c_str() + field + name.size(), nullptr, 10);
  }

  // "GET /style.css": the first two words that were received, as far as they fit and can be shown.
  static std::string take_request(Connection& one) {
    constexpr std::size_t most_columns = 34;
    std::string words = one.received.substr(0, one.received.find("\r\n"));
    words = words.substr(0, words.rfind(" HTTP/"));
    std::replace_if(
        words.begin(), words.end(), [](unsigned char c) { return std::isprint(c) == 0; }, '?');
    if (words.size() > most_columns) words = words.substr(0, most_columns - 3) + "...";
    const auto end = one.received.find("\r\n\r\n");
    // What follows may be content, and where that ends is not looked into: the next request begins with what comes
    // next.
    const bool has_content =
        one.received.find("\r\nContent-Length: ") < end || one.received.find("\r\nTransfer-") < end;
    one.received.erase(0, end == std::string::npos || has_content ? std::string::npos : end + 4);
    return words.empty() ? "no request was read" : words;
  }

  void tell(Connection& one) {
    std::string line = "client " + std::to_string(one.number) + ", " + thread_name() + ": " + take_request(one) +
                       " -> " + one.response.substr(one.response.find(' ') + 1, 3) + ", " + std::to_string(one.sent) +
                       " bytes; ";
    char times[64];
    if (++one.answered == 1 && one.waited_ms >= 0) {
      std::snprintf(times, sizeof times, "waited %.0f ms, ", one.waited_ms);
      line += times;
    }
    std::snprintf(times, sizeof times, "took %.1f ms", ms_since(one.received_last));
    std::fprintf(stderr, "%s%s\n", line.c_str(), times);
    one.response.clear();
    one.sent = 0;
  }

  std::mutex mutex_;
  std::map<int, Connection> connections_;
  int count_ = 0;
};

// Never destroyed: threads may still talk to clients when the program ends.
Log& request_log() {
  static Log& log = *new Log;
  return log;
}

}  // namespace

extern "C" {

int accept(int fd, sockaddr* address, socklen_t* size) {
  static const auto call = original(accept, "accept");
  const int client = call(fd, address, size);
  if (client >= 0) request_log().accepted(client);
  return client;
}

int accept4(int fd, sockaddr* address, socklen_t* size, int flags) {
  static const auto call = original(accept4, "accept4");
  const int client = call(fd, address, size, flags);
  if (client >= 0) request_log().accepted(client);
  return client;
}

int poll(pollfd* all, nfds_t count, int ms) {
  static const auto call = original(poll, "poll");
  for (nfds_t i = 0; i < count; ++i) request_log().turned_to(all[i].fd);
  return call(all, count, ms);
}

ssize_t recv(int fd, void* buffer, std::size_t size, int flags) {
  static const auto call = original(recv, "recv");
  request_log().turned_to(fd);
  const ssize_t count = call(fd, buffer, size, flags);
  if (count > 0 && (flags & MSG_PEEK) == 0) {
    request_log().received(fd, {static_cast<const char*>(buffer), static_cast<std::size_t>(count)});
  }
  return count;
}

ssize_t read(int fd, void* buffer, std::size_t size) {
  static const auto call = original(read, "read");
  request_log().turned_to(fd);
  const ssize_t count = call(fd, buffer, size);
  if (count > 0) request_log().received(fd, {static_cast<const char*>(buffer), static_cast<std::size_t>(count)});
  return count;
}

ssize_t send(int fd, const void* bytes, std::size_t size, int flags) {
  static const auto call = original(send, "send");
  const ssize_t count = call(fd, bytes, size, flags);
  if (count > 0) request_log().sent(fd, {static_cast<const char*>(bytes), static_cast<std::size_t>(count)});
  return count;
}

int close(int fd) {
  static const auto call = original(close, "close");
  request_log().ends(fd);
  return call(fd);
}

}  // extern "C"
