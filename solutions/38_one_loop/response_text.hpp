#pragma once

#include <ctime>
#include <string>

#include "grammar.hpp"
#include "respond.hpp"

// The time in the form that an answer's field Date has (RFC 9110 §5.6.7), such as Sun, 06 Nov 1994 08:49:37 GMT.
inline std::string date_now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts)};
}

// The bytes of a response that is sent now. `stays`: whether the connection is kept open afterwards. The client is
// told.
inline std::string text_of(Response response, bool stays) {
  for (Field& field : response.fields) {
    if (is_named(field, "Connection")) field.value = stays ? "keep-alive" : "close";
  }
  response.fields.push_back({"Date", date_now()});
  return to_text(response);
}
