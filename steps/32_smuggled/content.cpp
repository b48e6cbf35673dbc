// Stage 32, smuggled: docs/32_smuggled.md
#include "content.hpp"

#include <string_view>
#include <system_error>

#include "content_reader.hpp"
#include "grammar.hpp"
#include "send_all.hpp"

std::optional<Status> drop_content(const Socket& client, std::string& received, const Request& request,
                                   std::chrono::steady_clock::time_point deadline) {
  // parse_request has looked: a length has nothing but digits, and is not beside a coding; but it may be beside an
  // empty Transfer-Encoding.
  const auto codings = list_of(request, "Transfer-Encoding");
  const auto digits = list_of(request, "Content-Length");
  if (!codings && !digits) return std::nullopt;
  ContentReader reader{client, received, deadline};
  // TODO: Drop as many bytes as Content-Length says, or the chunks; refuse whatever leaves a doubt about where the
  // content ends, and whatever is too much. A client that waits for 100 Continue gets it.
  return std::nullopt;
}
