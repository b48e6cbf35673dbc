#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "content_filter.hpp"
#include "parse_request.hpp"
#include "respond.hpp"
#include "socket.hpp"
#include "status.hpp"

// A client, and how far the server has come with it: what a thread would have on its stack.
class Connection {
 public:
  // Throws std::system_error.
  explicit Connection(Socket client);

  int fd() const { return client_.fd(); }

  // Does all that can be done without waiting: sends what the client takes, receives what has come, and answers the
  // requests that are whole by then. While there is something left to send, nothing more is received: whoever does not
  // read is not answered. False when the connection is over. Throws std::system_error, for example for a reset.
  bool go_on();

  // Whether the client waits for nothing, and nothing is waited for but its next request.
  bool is_idle() const { return state_ == State::header && received_.empty() && output_.empty(); }

  // After the next answer the connection ends.
  void let_answer_be_last() { may_stay_ = false; }

 private:
  enum class State {
    header,   // of the next request is awaited
    content,  // of request_ is awaited
    leaving,  // everything is answered, if not sent; until the client has closed, what it sends is dropped (RFC 9112
              // §9.6)
    over,
  };

  bool send_some();
  bool receive();
  void answer_next();
  void take_header();
  void answer(Response response, bool stays);
  void refuse(Status status, bool head = false);

  Socket client_;
  State state_ = State::header;
  std::string received_;  // and not used yet
  std::string output_;    // and not sent yet
  Request request_;
  ContentFilter content_;
  int requests_ = 0;
  std::size_t dropped_ = 0;  // bytes, of a client that does not end: not more than max_content_bytes
  bool may_stay_ = true;
};
