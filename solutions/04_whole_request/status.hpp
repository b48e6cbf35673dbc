#pragma once

// The status codes that this server answers with, some of them in later stages (RFC 9110 §15; 431: RFC 6585 §5).
enum class Status {
  ok = 200,
  bad_request = 400,
  not_found = 404,
  method_not_allowed = 405,
  request_timeout = 408,
  content_too_large = 413,
  uri_too_long = 414,
  header_fields_too_large = 431,
  not_implemented = 501,
  service_unavailable = 503,
  version_not_supported = 505,
};
