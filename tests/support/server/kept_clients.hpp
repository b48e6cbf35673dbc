// What the tests of servers that keep connections open share.
#pragma once

#include "expect/expect.hpp"
#include "report/place.hpp"
#include "server/client.hpp"

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace support {

inline constexpr std::string_view line_200 = "HTTP/1.1 200 OK\r\n";
inline constexpr std::string_view line_404 = "HTTP/1.1 404 Not Found\r\n";
inline constexpr std::string_view kept_request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
inline constexpr std::string_view kept_request_to_nowhere = "GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n";
inline constexpr int long_time = 60'000;  // milliseconds; no test waits for it

// A request for the page / with these fields beside Host.
inline std::string request_with(std::string_view version, std::initializer_list<std::string_view> fields) {
  std::string text = "GET / " + std::string{version} + "\r\nHost: localhost\r\n";
  for (const std::string_view field : fields) text.append(field).append("\r\n");
  return text + "\r\n";
}

// What a server is told, apart from the port, if it is to serve any number of clients.
inline std::vector<std::string> with_limits(int workers, int header_ms, int idle_ms) {
  return {"0", std::to_string(workers), std::to_string(header_ms), std::to_string(idle_ms)};
}

// The client asks for the page / and gets it. The connection stays open.
inline void expect_kept_page(Client& client, std::string_view what, Place place = Place::here()) {
  client.send(kept_request, place);
  expect(what, client.receive_answer(place), place).starts_with(line_200);
}

// The value of a field, such as Connection, which is spelled as servers spell it; "no such field" if there is none.
inline std::string_view field_of(std::string_view answer, std::string_view name) {
  const std::string_view header = answer.substr(0, answer.find("\r\n\r\n"));
  for (std::size_t at = header.find("\r\n"); at != header.npos; at = header.find("\r\n", at + 2)) {
    const std::string_view line = header.substr(at + 2, header.find("\r\n", at + 2) - at - 2);
    if (line.starts_with(name) && line.substr(name.size()).starts_with(": ")) return line.substr(name.size() + 2);
  }
  return "no such field";
}

// How many answers there are among these bytes; no page of tests/site has such words.
inline int count_answers(std::string_view bytes) {
  int count = 0;
  for (std::size_t at = bytes.find("HTTP/1.1 "); at != bytes.npos; at = bytes.find("HTTP/1.1 ", at + 1)) ++count;
  return count;
}

}  // namespace support
