// Stage 41, loop timers: docs/41_loop_timers.md
#include "connection.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <string_view>
#include <utility>
#include <variant>

#include "check.hpp"
#include "content.hpp"
#include "persistence.hpp"
#include "read_request.hpp"
#include "response_text.hpp"
#include "sleep_answer.hpp"

namespace {

using std::chrono::milliseconds;

constexpr milliseconds send_time{10'000};   // for the client to take some of its answer
constexpr milliseconds linger_time{1'000};  // for the client to end its side

}  // namespace

Connection::Connection(Socket client, const Limits& limits) : client_{std::move(client)}, limits_{limits} {
  // Each answer leaves at once: otherwise the second of two small ones waits until the first was acknowledged (RFC
  // 896).
  const int on = 1;
  check(setsockopt(client_.fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), "setsockopt");
}

// TODO: Work out until when the connection waits, and what happens when that time is over. The page /sleep must wait in
// this way, too.
bool Connection::go_on() {
  make_progress();
  if (is_idle() && !may_stay_) state_ = State::over;  // the server stops, and has sent all that it owes
  return state_ != State::over;
}

void Connection::make_progress() {
  while (send_some()) {
    answer_next();
    if (output_.empty() && !receive()) break;
  }
}

milliseconds Connection::time_for(Wait wait) const {
  switch (wait) {
    case Wait::first_byte:
      return limits_.idle_time;
    case Wait::header:
      return limits_.header_time;
    case Wait::content:
      return content_time;
    case Wait::sleep:
      return sleep_;
    case Wait::room_to_send:
      return send_time;
    case Wait::end:
      break;
  }
  return linger_time;
}

// Whether all of the output has left; if not, epoll tells when the client takes more.
bool Connection::send_some() {
  while (!output_.empty()) {
    const auto count = send(client_.fd(), output_.data(), output_.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count == -1 && errno == EINTR) continue;
    if (count == -1 && errno == EAGAIN) return false;
    output_.erase(0, static_cast<std::size_t>(check(count, "send")));
    if (!output_.empty() || state_ != State::leaving) continue;
    if (shutdown(client_.fd(), SHUT_WR) == -1) state_ = State::over;  // the client has gone already
  }
  return state_ != State::over;
}

// Whether something has come; if not, epoll tells when it does.
bool Connection::receive() {
  while (true) {
    char chunk[4096];
    const auto count = recv(client_.fd(), chunk, sizeof chunk, MSG_DONTWAIT);
    if (count == -1 && errno == EINTR) continue;
    if (count == -1 && errno == EAGAIN) return false;
    if (check(count, "recv") == 0) {
      const bool midway = state_ != State::leaving && !is_idle();
      state_ = State::over;
      if (midway) refuse(Status::bad_request);
      return midway;
    }
    if (state_ == State::leaving) {
      dropped_ += static_cast<std::size_t>(count);
      if (dropped_ < max_content_bytes) continue;
      state_ = State::over;
      return false;
    }
    received_.append(chunk, static_cast<std::size_t>(count));
    return true;
  }
}

// Answers the next request, if it is whole.
void Connection::answer_next() {
  if (state_ == State::header) take_header();
  if (state_ != State::content) return;
  content_.take(received_);
  if (const auto problem = content_.problem()) return refuse(*problem, request_.method == "HEAD");
  if (!content_.done()) return;
  ++requests_;
  answer(respond(request_), stays());
}

bool Connection::stays() const {
  return may_stay_ && wants_to_stay(request_) && requests_ < limits_.requests;
}

// The state is content afterwards, unless the header section is not whole, or is refused.
void Connection::take_header() {
  const std::size_t size = header_size(std::string_view{received_}.substr(0, max_header_bytes));
  if (size == 0 && received_.size() >= max_header_bytes) {
    const bool has_line = received_.find('\n') != std::string::npos;
    return refuse(has_line ? Status::header_fields_too_large : Status::uri_too_long);
  }
  if (size == 0) return;
  std::string_view header = std::string_view{received_}.substr(0, size);
  if (header.starts_with("\r\n")) header.remove_prefix(2);  // some clients send an empty line first (RFC 9112 §2.2)
  auto parsed = parse_request(header);
  received_.erase(0, size);
  if (const auto* status = std::get_if<Status>(&parsed)) return refuse(*status);
  request_ = std::get<Request>(std::move(parsed));
  content_ = ContentFilter{request_};
  state_ = State::content;
  const bool waits = request_.version != "HTTP/1.0" && !content_.done() && !content_.problem() &&
                     is_same_name(list_of(request_, "Expect").value_or(""), "100-continue");
  if (waits && received_.empty()) output_ += "HTTP/1.1 100 Continue\r\n\r\n";
}

void Connection::answer(Response response, bool stays) {
  output_ += text_of(std::move(response), stays);
  state_ = stays ? State::header : State::leaving;
}

// `head`: the answer must not have content (RFC 9110 §9.3.2).
void Connection::refuse(Status status, bool head) {
  Response response = error_response(status);
  if (head) response.body.clear();
  answer(std::move(response), false);
}
