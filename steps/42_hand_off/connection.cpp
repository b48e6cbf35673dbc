// Stage 42, hand off: docs/42_hand_off.md
#include "connection.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>
#include <variant>

#include "check.hpp"
#include "content.hpp"
#include "persistence.hpp"
#include "read_request.hpp"
#include "response_text.hpp"
#include "sleep_answer.hpp"
#include "target.hpp"

namespace {

using std::chrono::milliseconds;

constexpr milliseconds send_time{10'000};   // for the client to take some of its answer
constexpr milliseconds work_time{30'000};   // for another thread to make the answer
constexpr milliseconds linger_time{1'000};  // for the client to end its side

}  // namespace

Connection::Connection(Socket client, const Limits& limits) : client_{std::move(client)}, limits_{limits} {
  // Each answer leaves at once: otherwise the second of two small ones waits until the first was acknowledged (RFC
  // 896).
  const int on = 1;
  check(setsockopt(client_.fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), "setsockopt");
  deadline_ = Clock::now() + time_for(Wait::header);
}

bool Connection::go_on() {
  const auto before = std::pair{wait(), requests_};
  const std::size_t left = output_.size();
  const auto has_moved = [&] { return before != std::pair{wait(), requests_} || left != output_.size(); };
  make_progress();
  if (!has_moved() && Clock::now() >= deadline_) {  // what has come in the meantime counts, even if it is seen late
    end_wait();
    make_progress();
  }
  if (has_moved()) deadline_ = Clock::now() + time_for(wait());
  if (is_idle() && !may_stay_) state_ = State::over;  // the server stops, and has sent all that it owes
  return state_ != State::over;
}

void Connection::make_progress() {
  while (send_some()) {
    answer_next();
    if (answers_later()) return check_connection();
    if (output_.empty() && !receive()) return;
  }
}

// Throws std::system_error if the client has broken the connection, even if something that it sent is still there.
void Connection::check_connection() const {
  int error = 0;
  socklen_t size = sizeof error;
  check(getsockopt(client_.fd(), SOL_SOCKET, SO_ERROR, &error, &size), "getsockopt");
  if (error != 0) throw std::system_error{error, std::generic_category(), "client"};
}

Connection::Wait Connection::wait() const {
  if (!output_.empty()) return Wait::room_to_send;
  if (state_ == State::header) return is_idle() && requests_ > 0 ? Wait::first_byte : Wait::header;
  if (state_ == State::content) return Wait::content;
  if (state_ == State::working) return Wait::work;
  return state_ == State::sleeping ? Wait::sleep : Wait::end;
}

// The time for what is waited for is over.
void Connection::end_wait() {
  switch (wait()) {
    case Wait::sleep:
      return answer(slept(request_, sleep_), stays());
    case Wait::header:
    case Wait::content:
      return refuse(Status::request_timeout);
    case Wait::work:
      return refuse(Status::service_unavailable, request_.method == "HEAD");
    case Wait::first_byte:
    case Wait::room_to_send:
    case Wait::end:
      state_ = State::over;
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
    case Wait::work:
      return work_time;
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
  if (const auto time = sleep_time_of(request_)) {
    sleep_ = *time;
    state_ = State::sleeping;
  } else if (path_of(request_.target) == "/mandelbrot") {
    state_ = State::working;
    has_work_ = true;
  } else {
    answer(respond(request_), stays());
  }
}

std::optional<Request> Connection::take_work() {
  if (!std::exchange(has_work_, false)) return std::nullopt;
  return request_;
}

void Connection::deliver(Response response) {
  if (request_.method == "HEAD") response.body.clear();  // an answer to it has no content (RFC 9110 §9.3.2)
  if (state_ != State::working) return;
  answer(std::move(response), stays());
  deadline_ = Clock::now() + time_for(wait());
}

bool Connection::answers_later() const {
  return state_ == State::sleeping || state_ == State::working;
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
