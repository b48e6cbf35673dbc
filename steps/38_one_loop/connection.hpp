// Stage 38, one loop: docs/38_one_loop.md
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "content_filter.hpp"
#include "parse_request.hpp"
#include "respond.hpp"
#include "socket.hpp"
#include "status.hpp"

// A client of the event loop.
class Connection {
 public:
  // Throws std::system_error.
  explicit Connection(Socket client);

  int fd() const { return client_.fd(); }

  // Receives what has come, without waiting, and answers the requests that are whole by then. False when the connection
  // is over. Throws std::system_error, for example for a reset.
  bool take_input();

  // Whether the client waits for nothing, and nothing is waited for but its next request.
  bool is_idle() const { return state_ == State::header; }

  // After the next answer the connection ends.
  void let_answer_be_last() { may_stay_ = false; }

 private:
  enum class State {
    header,   // of the next request is awaited
    content,  // of a request is awaited
    leaving,  // everything is answered; until the client has closed, what it sends is dropped (RFC 9112 §9.6)
    over,
  };

  bool receive(std::string& received);
  void answer_whole_requests(std::string& received);
  void take_header(std::string& received, Request& request, ContentFilter& content);
  void answer(Response response, bool stays);
  void refuse(Status status, bool head = false);

  // TODO: What take_input knows of its client is lost when it returns. Keep it here.
  Socket client_;
  State state_ = State::header;
  int requests_ = 0;
  bool may_stay_ = true;
};
