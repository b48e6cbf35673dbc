#include "respond.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "mandelbrot.hpp"
#include "pages.hpp"
#include "target.hpp"

namespace {

// Content-Length counts bytes (RFC 9110 §8.6), and a std::string's size is its bytes.
Response page_response(Status status, const Page& page) {
  return {status,
          {{"Content-Type", page.content_type},
           {"Content-Length", std::to_string(page.body.size())},
           {"Connection", "close"}},
          page.body};
}

}  // namespace

Response respond(const Request& request) {
  constexpr std::array known{"POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"};
  if (request.method != "GET" && request.method != "HEAD") {
    if (std::find(known.begin(), known.end(), request.method) == known.end()) {
      return error_response(Status::not_implemented);
    }
    Response response = error_response(Status::method_not_allowed);
    response.fields.push_back({"Allow", "GET, HEAD"});
    return response;
  }
  const std::string_view path = path_of(request.target);
  const std::string_view query = query_of(request.target);
  const bool is_computed = path == "/mandelbrot";
  const std::optional<Page> page = is_computed ? mandelbrot_page(query) : find_page(path, query);
  const Status missing = is_computed ? Status::bad_request : Status::not_found;
  Response response = page ? page_response(Status::ok, *page) : error_response(missing);
  if (request.method == "HEAD") response.body.clear();
  return response;
}

Response error_response(Status status) {
  const std::string code = std::to_string(static_cast<int>(status));
  const std::optional<Page> page = find_page("/" + code + ".html");
  const std::string line = code + " " + std::string{phrase(status)} + "\n";
  return page_response(status, page.value_or(Page{"text/plain; charset=utf-8", line}));
}

std::string_view phrase(Status status) {
  switch (status) {
    case Status::ok:
      return "OK";
    case Status::bad_request:
      return "Bad Request";
    case Status::not_found:
      return "Not Found";
    case Status::method_not_allowed:
      return "Method Not Allowed";
    case Status::request_timeout:
      return "Request Timeout";
    case Status::content_too_large:
      return "Content Too Large";
    case Status::uri_too_long:
      return "URI Too Long";
    case Status::header_fields_too_large:
      return "Request Header Fields Too Large";
    case Status::not_implemented:
      return "Not Implemented";
    case Status::service_unavailable:
      return "Service Unavailable";
    case Status::version_not_supported:
      return "HTTP Version Not Supported";
  }
  return "";
}

std::string to_text(const Response& response) {
  std::string text = "HTTP/1.1 " + std::to_string(static_cast<int>(response.status)) + " ";
  text.append(phrase(response.status)).append("\r\n");
  for (const Field& field : response.fields) {
    text += field.name + ": " + field.value + "\r\n";
  }
  return text + "\r\n" + response.body;
}
