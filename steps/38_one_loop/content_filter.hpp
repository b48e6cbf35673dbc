// Stage 38, one loop: docs/38_one_loop.md
#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include "content.hpp"
#include "content_reader.hpp"
#include "grammar.hpp"
#include "parse_request.hpp"
#include "status.hpp"

// Takes the content of a request out of what has come on a connection, as drop_content does, but without waiting: it
// takes what is there, and remembers where it was.
class ContentFilter {
 public:
  // Of a request without content.
  ContentFilter() = default;

  // Where the content ends follows from the request (RFC 9112 §6.3). problem() says so when it cannot be found.
  explicit ContentFilter(const Request& request) {
    const auto codings = list_of(request, "Transfer-Encoding");
    const auto digits = list_of(request, "Content-Length");
    if (codings) {
      next_ = Next::size_line;
      if (request.version == "HTTP/1.0") fail(Status::bad_request);
      if (!is_same_name(*codings, "chunked")) fail(Status::not_implemented);
    } else if (digits) {
      next_ = Next::bytes;
      const auto error = std::from_chars(digits->data(), digits->data() + digits->size(), left_).ec;
      if (error == std::errc::result_out_of_range || left_ > max_content_bytes) fail(Status::content_too_large);
    }
  }

  // Drops what belongs to the content from the beginning of `received`.
  void take(std::string& received) {
    while (!done() && !problem_) {
      if (next_ == Next::bytes) {
        const std::size_t count = std::min(left_, received.size());
        received.erase(0, count);
        left_ -= count;
        if (left_ > 0) return;
        next_ = is_chunk_ ? Next::end_of_chunk : Next::nothing;
      } else {
        const std::size_t end = received.find('\n');
        if (std::min(end, received.size()) > ContentReader::max_line_bytes) return fail(Status::bad_request);
        if (end == std::string::npos) return;
        if (end == 0 || received.find('\r') != end - 1) return fail(Status::bad_request);
        const std::string line = received.substr(0, end - 1);
        received.erase(0, end + 1);
        take_line(line);
      }
    }
  }

  bool done() const { return next_ == Next::nothing; }
  std::optional<Status> problem() const { return problem_; }

 private:
  enum class Next { nothing, bytes, size_line, end_of_chunk, trailers };

  void fail(Status status) { problem_ = status; }

  void take_line(std::string_view line) {
    if (next_ == Next::end_of_chunk) {
      if (!line.empty()) return fail(Status::bad_request);
      next_ = Next::size_line;
    } else if (next_ == Next::size_line) {
      take_size(line);
    } else {
      trailers_.append(line).append("\r\n");
      if (trailers_.size() > ContentReader::max_trailer_bytes) return fail(Status::header_fields_too_large);
      if (!line.empty()) return;
      if (!parse_fields(trailers_)) return fail(Status::bad_request);
      next_ = Next::nothing;
    }
  }

  void take_size(std::string_view line) {
    const char* const end = line.data() + line.size();
    const auto [rest, error] = std::from_chars(line.data(), end, left_, 16);
    const bool is_clean = rest == end || trimmed({rest, end}).starts_with(';');
    if (error == std::errc::invalid_argument || !is_clean) return fail(Status::bad_request);
    if (error == std::errc::result_out_of_range || left_ > max_content_bytes - taken_) {
      return fail(Status::content_too_large);
    }
    taken_ += left_;
    is_chunk_ = true;
    next_ = left_ == 0 ? Next::trailers : Next::bytes;
  }

  Next next_ = Next::nothing;
  std::size_t left_ = 0;   // bytes of the content, or of the chunk, that have not come
  std::size_t taken_ = 0;  // by chunks so far
  bool is_chunk_ = false;
  std::string trailers_;
  std::optional<Status> problem_;
};
