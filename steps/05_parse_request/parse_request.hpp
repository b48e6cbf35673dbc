// Stage 05, parse request: docs/05_parse_request.md
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

// TODO: declare parse_request, which takes any text and returns a Request or the Status that refuses it.
