#include "parse_request.hpp"

#include <cstddef>
#include <optional>

std::variant<Request, Status> parse_request(std::string_view text) {
  const std::size_t line_end = text.find("\r\n");
  const std::string_view line = text.substr(0, line_end);
  const std::size_t first_space = line.find(' ');
  const std::size_t last_space = line.rfind(' ');
  if (line_end == std::string_view::npos || first_space == last_space) return Status::bad_request;

  const std::string_view method = line.substr(0, first_space);
  const std::string_view target = line.substr(first_space + 1, last_space - first_space - 1);
  const std::string_view version = line.substr(last_space + 1);
  if (!is_token(method) || !is_target(target, method) || !is_version(version)) return Status::bad_request;
  if (!version.starts_with("HTTP/1.")) return Status::version_not_supported;

  std::optional<std::vector<Field>> fields = parse_fields(text.substr(line_end + 2));
  if (!fields || !names_its_host(*fields, version) || !says_where_it_ends(*fields)) return Status::bad_request;
  return Request{std::string{method}, std::string{target}, std::string{version}, std::move(*fields)};
}
