#include "connection.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
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

Connection::Connection(Socket client, const Limits& limits)
    : client_{std::move(client)}, limits_{limits}, deadline_{Clock::now()}, session_{converse()} {
  // Each answer leaves at once: otherwise the second of two small ones waits until the first was acknowledged (RFC
  // 896).
  const int on = 1;
  check(setsockopt(client_.fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), "setsockopt");
}

bool Connection::go_on() {
  in_time_ = attempt_();
  const bool goes_on = (!in_time_ && Clock::now() < deadline_) || session_.go_on();
  return goes_on && (may_stay_ || !is_idle());  // when the server stops, a client that it owes nothing is let go
}

// From the first request to the last answer.
Session Connection::converse() {
  for (bool stays = true; stays;) {
    is_between_requests_ = true;
    if (requests_ > 0 && !co_await within(limits_.idle_time, [this] { return has_input(); })) co_return;
    std::optional<Status> problem = Status::request_timeout;
    if (co_await within(limits_.header_time, [this] { return has_header(); })) {
      if (received_.empty()) co_return;  // the client has ended between two requests
      problem = take_header();
    }
    is_between_requests_ = false;
    if (!problem) {
      const bool in_time = co_await within(content_time, [this] { return has_content(); });
      problem = in_time ? problem_of_content() : Status::request_timeout;
    }

    Response response;
    if (problem) {
      response = error_response(*problem);
    } else if (const auto time = sleep_time_of(request_)) {
      co_await within(*time, [this] { return check_connection(), false; });
      response = slept(request_, *time);
    } else if (path_of(request_.target) == "/mandelbrot") {
      has_work_ = true;
      const bool in_time = co_await within(work_time, [this] { return check_connection(), result_.has_value(); });
      if (!in_time) let_answer_be_last();  // the result may come yet, and must not be another request's
      response = in_time ? *std::exchange(result_, std::nullopt) : error_response(Status::service_unavailable);
    } else {
      response = respond(request_);
    }
    if (request_.method == "HEAD") response.body.clear();  // an answer to it has no content (RFC 9110 §9.3.2)

    stays = !problem && may_stay_ && wants_to_stay(request_) && ++requests_ < limits_.requests;
    request_ = {};
    output_ += text_of(std::move(response), stays);
    while (!output_.empty()) {
      const std::size_t left = output_.size();
      if (!co_await within(send_time, [this, left] { return send_some() < left; })) co_return;
    }
  }
  if (shutdown(client_.fd(), SHUT_WR) == -1) co_return;  // the client has gone already
  co_await within(linger_time, [this] { return drop_input(); });
}

std::optional<Request> Connection::take_work() {
  if (!std::exchange(has_work_, false)) return std::nullopt;
  return request_;
}

// Whether something has come; if not, epoll tells when it does.
bool Connection::receive() {
  while (!has_ended_) {
    char chunk[4096];
    const auto count = recv(client_.fd(), chunk, sizeof chunk, MSG_DONTWAIT);
    if (count == -1 && errno == EINTR) continue;
    if (count == -1 && errno == EAGAIN) return false;
    has_ended_ = check(count, "recv") == 0;
    received_.append(chunk, static_cast<std::size_t>(count));
    return !has_ended_;
  }
  return false;
}

// These are asked again and again: whether what they need has come, or never will.
bool Connection::has_input() {
  return !received_.empty() || receive() || has_ended_;
}

bool Connection::has_header() {
  while (header_size(std::string_view{received_}.substr(0, max_header_bytes)) == 0) {
    if (received_.size() >= max_header_bytes) return true;
    if (!receive()) return has_ended_;
  }
  return true;
}

bool Connection::has_content() {
  send_some();  // 100 Continue, if the client waits for that
  while (true) {
    content_.take(received_);
    if (content_.done() || content_.problem()) return true;
    if (!receive()) return has_ended_;
  }
}

bool Connection::drop_input() {
  while (receive()) {
    dropped_ += std::exchange(received_, {}).size();
    if (dropped_ >= max_content_bytes) return true;
  }
  return has_ended_;
}

// Throws std::system_error if the client has broken the connection, even if something that it sent is still there.
void Connection::check_connection() const {
  int error = 0;
  socklen_t size = sizeof error;
  check(getsockopt(client_.fd(), SOL_SOCKET, SO_ERROR, &error, &size), "getsockopt");
  if (error != 0) throw std::system_error{error, std::generic_category(), "client"};
}

// Sends what the client takes. How many bytes are left; if any, epoll tells when the client takes more.
std::size_t Connection::send_some() {
  while (!output_.empty()) {
    const auto count = send(client_.fd(), output_.data(), output_.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count == -1 && errno == EINTR) continue;
    if (count == -1 && errno == EAGAIN) break;
    output_.erase(0, static_cast<std::size_t>(check(count, "send")));
  }
  return output_.size();
}

// Makes a request of the header section that has come. Or says what is wrong with it.
std::optional<Status> Connection::take_header() {
  const std::size_t size = header_size(std::string_view{received_}.substr(0, max_header_bytes));
  if (size == 0 && received_.size() < max_header_bytes) return Status::bad_request;  // the client has ended midway
  if (size == 0) {
    return received_.find('\n') == std::string::npos ? Status::uri_too_long : Status::header_fields_too_large;
  }
  std::string_view header = std::string_view{received_}.substr(0, size);
  if (header.starts_with("\r\n")) header.remove_prefix(2);  // some clients send an empty line first (RFC 9112 §2.2)
  auto parsed = parse_request(header);
  received_.erase(0, size);
  if (const auto* status = std::get_if<Status>(&parsed)) return *status;
  request_ = std::get<Request>(std::move(parsed));
  content_ = ContentFilter{request_};
  const bool waits = request_.version != "HTTP/1.0" && !content_.done() && !content_.problem() &&
                     is_same_name(list_of(request_, "Expect").value_or(""), "100-continue");
  if (waits && received_.empty()) output_ += "HTTP/1.1 100 Continue\r\n\r\n";
  return std::nullopt;
}

std::optional<Status> Connection::problem_of_content() const {
  if (content_.problem() || content_.done()) return content_.problem();
  return Status::bad_request;  // the client has ended midway
}
