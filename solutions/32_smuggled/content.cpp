#include "content.hpp"

#include <charconv>
#include <string_view>
#include <system_error>

#include "content_reader.hpp"
#include "grammar.hpp"
#include "send_all.hpp"

namespace {

std::optional<Status> drop_chunks(ContentReader& reader) {
  std::string line;
  for (std::size_t left = max_content_bytes;;) {
    if (const auto problem = reader.take_line(line)) return problem;
    std::size_t size = 0;
    const char* const end = line.data() + line.size();
    const auto [rest, error] = std::from_chars(line.data(), end, size, 16);
    // What may follow the size are extensions, which nobody here knows (RFC 9112 §7.1.1).
    const bool is_clean = rest == end || trimmed({rest, end}).starts_with(';');
    if (error == std::errc::invalid_argument || !is_clean) return Status::bad_request;
    if (error == std::errc::result_out_of_range || size > left) return Status::content_too_large;
    if (size == 0) return reader.drop_trailers();
    left -= size;
    if (const auto problem = reader.drop(size)) return problem;
    if (const auto problem = reader.take_line(line)) return problem;
    if (!line.empty()) return Status::bad_request;
  }
}

}  // namespace

std::optional<Status> drop_content(const Socket& client, std::string& received, const Request& request,
                                   std::chrono::steady_clock::time_point deadline) {
  // parse_request has looked: a length has nothing but digits, and is not beside a coding; but it may be beside an
  // empty Transfer-Encoding.
  const auto codings = list_of(request, "Transfer-Encoding");
  const auto digits = list_of(request, "Content-Length");
  if (!codings && !digits) return std::nullopt;
  if (codings && request.version == "HTTP/1.0") return Status::bad_request;
  if (codings && !is_same_name(*codings, "chunked")) return Status::not_implemented;
  std::size_t length = 0;
  if (digits) {
    const auto error = std::from_chars(digits->data(), digits->data() + digits->size(), length).ec;
    if (error == std::errc::result_out_of_range || length > max_content_bytes) return Status::content_too_large;
  }

  const bool waits =
      request.version != "HTTP/1.0" && is_same_name(list_of(request, "Expect").value_or(""), "100-continue");
  if (waits && received.empty()) send_all(client, "HTTP/1.1 100 Continue\r\n\r\n");
  ContentReader reader{client, received, deadline};
  return codings ? drop_chunks(reader) : reader.drop(length);
}
