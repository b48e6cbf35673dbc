#include "handle_connection.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <chrono>
#include <cstdio>
#include <ctime>
#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "check.hpp"
#include "content.hpp"
#include "input.hpp"
#include "parse_request.hpp"
#include "persistence.hpp"
#include "read_request.hpp"
#include "respond.hpp"
#include "send_all.hpp"
#include "status.hpp"

namespace {

using std::chrono::steady_clock;

// A client that reads nothing is waited for so long, until some of its answer has left. And each answer leaves at once:
// otherwise the second of two small ones waits until the first has been acknowledged (RFC 896).
void set_up(const Socket& client) {
  constexpr timeval send_time{10, 0};
  check(setsockopt(client.fd(), SOL_SOCKET, SO_SNDTIMEO, &send_time, sizeof send_time), "setsockopt");
  const int on = 1;
  check(setsockopt(client.fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), "setsockopt");
}

// Whether the client may still have something to send after its last answer: another request, or bytes that have come.
// A client that has nothing more, and leaves its end open, is not waited for.
bool may_go_on(const Socket& client, const std::string& received, const Request& request) {
  char next;
  return wants_to_stay(request) || !received.empty() || recv(client.fd(), &next, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

// The time in the form that an answer's field Date has (RFC 9110 §5.6.7), such as Sun, 06 Nov 1994 08:49:37 GMT.
std::string date_now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts)};
}

// `stays`: whether the connection is kept open afterwards. The client is told.
void send_response(const Socket& client, Response response, bool stays) {
  for (Field& field : response.fields) {
    if (is_named(field, "Connection")) field.value = stays ? "keep-alive" : "close";
  }
  response.fields.push_back({"Date", date_now()});
  send_all(client, to_text(response));
}

// Returns false: the connection does not stay open. `head`: the answer must not have content (RFC 9110 §9.3.2).
bool refuse(Socket client, Status status, bool head = false) {
  Response response = error_response(status);
  if (head) response.body.clear();
  send_response(client, std::move(response), false);
  close_in_stages(std::move(client));
  return false;
}

// Answers one request, the `number`th on this connection. Returns whether the connection stays open for another; if
// not, `client` may be closed already. `received`: see read_request.
bool answer_next(Socket& client, std::string& received, int number, const Limits& limits, const StopSignal& stop) {
  const auto text = read_request(client, received, steady_clock::now() + limits.header_time, stop);
  if (const auto* status = std::get_if<Status>(&text)) return refuse(std::move(client), *status);
  std::string_view header = std::get<std::string>(text);
  if (header.empty()) return false;

  if (header.starts_with("\r\n")) header.remove_prefix(2);  // some clients send an empty line first (RFC 9112 §2.2)
  const auto parsed = parse_request(header);
  if (const auto* status = std::get_if<Status>(&parsed)) return refuse(std::move(client), *status);
  const auto& request = std::get<Request>(parsed);

  // Wherever there is a doubt about the end of the content, the connection ends: the next request cannot be found.
  const auto problem = drop_content(client, received, request, steady_clock::now() + content_time);
  if (problem) return refuse(std::move(client), *problem, request.method == "HEAD");

  Response response = respond(request);
  const bool stays = wants_to_stay(request) && may_stay(number, limits, stop);
  send_response(client, std::move(response), stays);
  if (!stays && may_go_on(client, received, request)) close_in_stages(std::move(client));
  return stays;
}

void answer_all(Socket client, const Limits& limits, const StopSignal& stop) {
  set_up(client);
  std::string received;  // what has come and was not used yet
  for (int number = 1; answer_next(client, received, number, limits, stop); ++number) {
    const auto idle_until = steady_clock::now() + limits.idle_time;
    if (received.empty() && wait_for_input(client, idle_until, &stop) != Input::comes) return;
  }
}

}  // namespace

void handle_connection(Socket client, const Limits& limits, const StopSignal& stop) noexcept {
  try {
    answer_all(std::move(client), limits, stop);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
  }
}
