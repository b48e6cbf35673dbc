// Stage 05, parse request: docs/05_parse_request.md
// The small parts of the grammar of HTTP/1.1. Strict: what is read differently by two programs can be used to smuggle a
// request past one of them (RFC 9112 §11.2).
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct Field {
  std::string name;
  std::string value;
};

// A method or the name of a field: a token (RFC 9110 §5.6.2).
inline bool is_token(std::string_view text) {
  constexpr std::string_view allowed = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  return !text.empty() && text.find_first_not_of(allowed) == std::string_view::npos;
}

// Whether a target starts with a scheme, as in http://host/path (RFC 9112 §3.2.2).
inline bool has_scheme(std::string_view target) {
  const std::size_t end = std::min(target.find_first_of(":/?#"), target.size());
  return end > 0 && target.substr(end).starts_with("://");
}

// What a method may be applied to (RFC 9112 §3.2): /path, http://host/path, * for OPTIONS, host:port for CONNECT.
inline bool is_target(std::string_view text, std::string_view method) {
  const bool visible = std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
  return visible && !text.empty() &&
         (text.starts_with('/') || has_scheme(text) || (text == "*" && method == "OPTIONS") || method == "CONNECT");
}

// HTTP/ and two digits with a dot between them (RFC 9112 §2.3), such as HTTP/1.1.
inline bool is_version(std::string_view text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return text.size() == 8 && text.starts_with("HTTP/") && is_digit(text[5]) && text[6] == '.' && is_digit(text[7]);
}

// The text without the spaces and tabs around it.
inline std::string_view trimmed(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  return text.substr(0, text.find_last_not_of(" \t") + 1);
}

// The lines `name: value` up to the blank line that must end the text; nothing if one of them is something else
// (RFC 9112 §5: no space before the colon, no line continued on the next, no control character).
inline std::optional<std::vector<Field>> parse_fields(std::string_view lines) {
  const auto is_control = [](unsigned char c) { return (c < ' ' && c != '\t') || c == '\x7f'; };
  std::vector<Field> fields;
  while (lines != "\r\n") {
    const std::string_view line = lines.substr(0, lines.find("\r\n"));
    const std::string_view name = line.substr(0, line.find(':'));
    if (line.size() == lines.size() || name.size() == line.size() || !is_token(name) ||
        std::any_of(line.begin(), line.end(), is_control))
      return std::nullopt;
    fields.push_back({std::string{name}, std::string{trimmed(line.substr(name.size() + 1))}});
    lines.remove_prefix(line.size() + 2);
  }
  return fields;
}

// Upper and lower case are the same in the names of fields (RFC 9110 §5.1) and of codings (RFC 9112 §7).
inline bool is_same_name(std::string_view one, std::string_view other) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                    [&](char a, char b) { return lower(a) == lower(b); });
}

inline bool is_named(const Field& field, std::string_view name) {
  return is_same_name(field.name, name);
}

// Whether the field Host is there once and holds host or host:port; HTTP/1.0 may leave it out (RFC 9112 §3.2).
inline bool names_its_host(const std::vector<Field>& fields, std::string_view version) {
  const auto is_host = [](const Field& field) { return is_named(field, "Host"); };
  const auto host = std::find_if(fields.begin(), fields.end(), is_host);
  if (host == fields.end()) return version == "HTTP/1.0";
  return host->value.find_first_of(" \t,/?#@\\") == std::string::npos &&
         std::find_if(host + 1, fields.end(), is_host) == fields.end();
}

// Whether a list of codings, such as `gzip, chunked`, names chunked once, and at its end: only then does the body
// itself say where it ends (RFC 9112 §6.1).
inline bool ends_in_chunked(std::string_view codings) {
  for (auto comma = codings.find(','); comma != std::string_view::npos; comma = codings.find(',')) {
    if (is_same_name(trimmed(codings.substr(0, comma)), "chunked")) return false;
    codings.remove_prefix(comma + 1);
  }
  return is_same_name(trimmed(codings), "chunked");
}

// Whether the fields leave no doubt where the request's body ends (RFC 9112 §6.3). They have a Content-Length, once,
// that is a number; or codings that end in chunked; or neither, and then there is no body.
inline bool says_where_it_ends(const std::vector<Field>& fields) {
  int lengths = 0;
  std::string codings;
  for (const Field& field : fields) {
    if (is_named(field, "Content-Length")) {
      ++lengths;
      if (field.value.empty() || field.value.find_first_not_of("0123456789") != std::string::npos) return false;
    } else if (is_named(field, "Transfer-Encoding")) {
      codings += (codings.empty() ? "" : ",") + field.value;  // one list, even if it takes several fields
    }
  }
  if (codings.empty()) return lengths <= 1;
  return lengths == 0 && ends_in_chunked(codings);
}
