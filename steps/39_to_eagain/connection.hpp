// Stage 39, to eagain: docs/39_to_eagain.md
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

  // Receives all that has come, without waiting, and answers the requests that are whole by then. False when the
  // connection is over. Throws std::system_error, for example for a reset.
  bool take_input();

  // Whether the client waits for nothing, and nothing is waited for but its next request.
  bool is_idle() const { return state_ == State::header && received_.empty(); }

  // After the next answer the connection ends.
  void let_answer_be_last() { may_stay_ = false; }

 private:
  enum class State {
    header,   // of the next request is awaited
    content,  // of request_ is awaited
    leaving,  // everything is answered; until the client has closed, what it sends is dropped (RFC 9112 §9.6)
    over,
  };

  void answer_whole_requests();
  void take_header();
  void answer(Response response, bool stays);
  void refuse(Status status, bool head = false);

  Socket client_;
  State state_ = State::header;
  std::string received_;  // and not used yet
  Request request_;
  ContentFilter content_;
  int requests_ = 0;
  // TODO: A client may send without end while it is let go. That must not keep the loop for ever.
  bool may_stay_ = true;
};
