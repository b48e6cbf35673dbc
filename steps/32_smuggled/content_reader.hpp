// Stage 32, smuggled: docs/32_smuggled.md
// What the content of a request is received with.
#pragma once

#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "check.hpp"
#include "grammar.hpp"
#include "input.hpp"
#include "parse_request.hpp"
#include "socket.hpp"
#include "status.hpp"

// The values of all fields of this name as one list (RFC 9110 §5.3); nothing if there is no such field.
inline std::optional<std::string> list_of(const Request& request, std::string_view name) {
  std::optional<std::string> list;
  for (const Field& field : request.fields) {
    if (is_named(field, name)) list = list ? *list + ", " + field.value : field.value;
  }
  return list;
}

// Takes the content out of what comes on a connection, a piece at a time, up to a deadline. Each function returns why
// it could not do that, if so: bad_request when the client closes before the end of the piece, request_timeout when
// that has not come by the deadline. Throws std::system_error.
class ContentReader {
 public:
  // The longest line, and the longest trailer section, in bytes.
  static constexpr std::size_t max_line_bytes = 256;
  static constexpr std::size_t max_trailer_bytes = 8192;

  // `received`: see read_request.
  ContentReader(const Socket& client, std::string& received, std::chrono::steady_clock::time_point deadline)
      : client_{client}, received_{received}, deadline_{deadline} {}

  // Drops that many bytes.
  std::optional<Status> drop(std::size_t count) {
    while (received_.size() < count) {
      count -= received_.size();
      received_.clear();
      if (const auto problem = receive()) return problem;
    }
    received_.erase(0, count);
    return std::nullopt;
  }

  // Puts the next line into `line`, without its CRLF. bad_request also when it is too long, and when it has another
  // end: two programs could see different lines there.
  std::optional<Status> take_line(std::string& line) {
    std::size_t end = 0;
    while ((end = received_.find('\n')) == std::string::npos) {
      if (received_.size() > max_line_bytes) return Status::bad_request;
      if (const auto problem = receive()) return problem;
    }
    if (end == 0 || end > max_line_bytes || received_.find('\r') != end - 1) return Status::bad_request;
    line = received_.substr(0, end - 1);
    received_.erase(0, end + 1);
    return std::nullopt;
  }

  // Drops the fields behind the last chunk, up to a blank line (RFC 9112 §7.1.2). header_fields_too_large when they are
  // longer than max_trailer_bytes, bad_request when they are not fields.
  std::optional<Status> drop_trailers() {
    std::string section;
    std::string line;
    do {
      if (const auto problem = take_line(line)) return problem;
      section += line + "\r\n";
      if (section.size() > max_trailer_bytes) return Status::header_fields_too_large;
    } while (!line.empty());
    if (!parse_fields(section)) return Status::bad_request;
    return std::nullopt;
  }

 private:
  // Appends to received_ what comes next: at least a byte.
  std::optional<Status> receive() {
    while (true) {
      if (wait_for_input(client_, deadline_) != Input::comes) return Status::request_timeout;
      char chunk[4096];
      const auto count = recv(client_.fd(), chunk, sizeof chunk, 0);
      if (count == -1 && errno == EINTR) continue;
      if (check(count, "recv") == 0) return Status::bad_request;
      received_.append(chunk, count);
      return std::nullopt;
    }
  }

  const Socket& client_;
  std::string& received_;
  const std::chrono::steady_clock::time_point deadline_;
};
