#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "grammar.hpp"
#include "parse_request.hpp"
#include "status.hpp"

struct Response {
  Status status;
  std::vector<Field> fields;
  std::string body;
};

// The answer to a request: a page for GET, its fields alone for HEAD, else an error_response (RFC 9110 §9, §15).
Response respond(const Request& request);

// The page that the site has for this error, such as /404.html, or else a line of text.
Response error_response(Status status);

// Its name: "Not Found" for not_found (RFC 9110 §15).
std::string_view phrase(Status status);

// The bytes of a response on the wire (RFC 9112 §4).
std::string to_text(const Response& response);
