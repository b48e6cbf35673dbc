// Stage 38, one loop: docs/38_one_loop.md
#include "connection.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstddef>
#include <string_view>
#include <utility>
#include <variant>

#include "check.hpp"
#include "limits.hpp"
#include "persistence.hpp"
#include "read_request.hpp"
#include "response_text.hpp"
#include "send_all.hpp"

Connection::Connection(Socket client) : client_{std::move(client)} {
  // Each answer leaves at once: otherwise the second of two small ones waits until the first was acknowledged (RFC
  // 896).
  const int on = 1;
  check(setsockopt(client_.fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), "setsockopt");
}

bool Connection::take_input() {
  // TODO: A client that has sent half a request keeps this function waiting, and with it all others. Receive once,
  // without waiting, and return. What is known of the client by then is kept in the connection until more comes.
  std::string received;  // and not used yet
  if (!receive(received)) return false;
  if (state_ == State::leaving) return true;
  answer_whole_requests(received);
  return state_ != State::over;
}

// Waits until something has come. False when the client has closed.
bool Connection::receive(std::string& received) {
  char chunk[4096];
  while (true) {
    const auto count = recv(client_.fd(), chunk, sizeof chunk, 0);
    if (count == -1 && errno == EINTR) continue;
    received.append(chunk, static_cast<std::size_t>(check(count, "recv")));
    return count > 0;
  }
}

// Returns when no part of another request has come.
void Connection::answer_whole_requests(std::string& received) {
  while (state_ == State::header && !received.empty()) {
    Request request;
    ContentFilter content;
    take_header(received, request, content);
    if (state_ != State::content) return;
    content.take(received);
    while (!content.done() && !content.problem()) {
      if (!receive(received)) return refuse(Status::bad_request);  // the client has closed midway
      content.take(received);
    }
    if (const auto problem = content.problem()) return refuse(*problem, request.method == "HEAD");
    ++requests_;
    answer(respond(request), may_stay_ && wants_to_stay(request) && requests_ < Limits{}.requests);
  }
}

// The state is content afterwards, unless the header section is refused.
void Connection::take_header(std::string& received, Request& request, ContentFilter& content) {
  std::size_t size = 0;
  while ((size = header_size(std::string_view{received}.substr(0, max_header_bytes))) == 0) {
    if (received.size() >= max_header_bytes) {
      const bool has_line = received.find('\n') != std::string::npos;
      return refuse(has_line ? Status::header_fields_too_large : Status::uri_too_long);
    }
    if (!receive(received)) return refuse(Status::bad_request);
  }
  std::string_view header = std::string_view{received}.substr(0, size);
  if (header.starts_with("\r\n")) header.remove_prefix(2);  // some clients send an empty line first (RFC 9112 §2.2)
  auto parsed = parse_request(header);
  received.erase(0, size);
  if (const auto* status = std::get_if<Status>(&parsed)) return refuse(*status);
  request = std::get<Request>(std::move(parsed));
  content = ContentFilter{request};
  state_ = State::content;
  const bool waits = request.version != "HTTP/1.0" && !content.done() && !content.problem() &&
                     is_same_name(list_of(request, "Expect").value_or(""), "100-continue");
  if (waits && received.empty()) send_all(client_, "HTTP/1.1 100 Continue\r\n\r\n");
}

void Connection::answer(Response response, bool stays) {
  send_all(client_, text_of(std::move(response), stays));
  state_ = stays ? State::header : State::leaving;
  if (!stays && shutdown(client_.fd(), SHUT_WR) == -1) state_ = State::over;  // the client has gone already
}

// `head`: the answer must not have content (RFC 9110 §9.3.2).
void Connection::refuse(Status status, bool head) {
  Response response = error_response(status);
  if (head) response.body.clear();
  answer(std::move(response), false);
}
