#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "grammar.hpp"
#include "status.hpp"

struct Request {
  std::string method;   // such as GET
  std::string target;   // such as /style.css?v=2, as it was sent
  std::string version;  // HTTP/1.0, HTTP/1.1, …
  std::vector<Field> fields;
};

// What the header section of a request, blank line included, says (RFC 9112 §3), or why it cannot be answered:
// bad_request, or version_not_supported when the version is not HTTP/1.x. Any text may be given; none makes it throw.
std::variant<Request, Status> parse_request(std::string_view text);
