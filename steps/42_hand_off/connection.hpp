// Stage 42, hand off: docs/42_hand_off.md
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "content_filter.hpp"
#include "event_loop.hpp"
#include "limits.hpp"
#include "parse_request.hpp"
#include "respond.hpp"
#include "socket.hpp"
#include "status.hpp"

// A client, and how far the server has come with it: what a thread would have on its stack.
class Connection {
 public:
  // Throws std::system_error.
  Connection(Socket client, const Limits& limits);

  int fd() const { return client_.fd(); }

  // Does all that can be done without waiting: sends what the client takes, receives what has come, and answers the
  // requests that are whole by then. While there is something left to send, nothing more is received: whoever does not
  // read is not answered. False when the connection is over. Throws std::system_error, for example for a reset.
  bool go_on();

  // Whether the client waits for nothing, and nothing is waited for but its next request.
  bool is_idle() const { return state_ == State::header && received_.empty() && output_.empty(); }

  // A request that must be answered by another thread, as it takes long; once. deliver() brings the answer.
  std::optional<Request> take_work();
  void deliver(Response response);

  // When go_on must be called even if nothing comes: a limit is reached then, or an answer may be sent.
  Clock::time_point deadline() const { return deadline_; }

  // After the next answer the connection ends.
  void let_answer_be_last() { may_stay_ = false; }

 private:
  enum class State {
    header,    // of the next request is awaited
    content,   // of request_ is awaited
    sleeping,  // until request_ is answered
    working,   // another thread makes the answer to request_
    leaving,   // everything is answered, if not sent; until the client has closed, what it sends is dropped (RFC 9112
               // §9.6)
    over,
  };

  // What is waited for; a deadline belongs to it, and is not renewed by a byte more of the same.
  enum class Wait { first_byte, header, content, sleep, work, room_to_send, end };

  std::chrono::milliseconds time_for(Wait wait) const;
  Wait wait() const;
  void end_wait();
  void make_progress();
  void check_connection() const;
  bool answers_later() const;
  bool stays() const;
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
  bool has_work_ = false;
  const Limits& limits_;
  std::chrono::milliseconds sleep_{0};
  Clock::time_point deadline_;
  bool may_stay_ = true;
};
