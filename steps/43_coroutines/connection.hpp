// Stage 43, coroutines: docs/43_coroutines.md
#pragma once

#include <chrono>
#include <coroutine>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "content_filter.hpp"
#include "event_loop.hpp"
#include "limits.hpp"
#include "parse_request.hpp"
#include "respond.hpp"
#include "session.hpp"
#include "socket.hpp"
#include "status.hpp"

// A client, and the conversation with it. How far that has come is where its coroutine stands.
class Connection {
 public:
  // Throws std::system_error.
  Connection(Socket client, const Limits& limits);

  Connection(const Connection&) = delete;  // its coroutine knows where it is
  Connection& operator=(const Connection&) = delete;

  int fd() const { return client_.fd(); }

  // Does all that can be done without waiting: sends what the client takes, receives what has come, and answers the
  // requests that are whole by then. While there is something left to send, nothing more is received: whoever does not
  // read is not answered. False when the connection is over. Throws std::system_error, for example for a reset.
  bool go_on();

  // Whether the client waits for nothing, and nothing is waited for but its next request.
  bool is_idle() const { return is_between_requests_ && received_.empty() && output_.empty(); }

  // A request that must be answered by another thread, as it takes long; once. deliver() brings the answer.
  std::optional<Request> take_work();
  void deliver(Response response) { result_ = std::move(response); }

  // When go_on must be called even if nothing comes: a limit is reached then, or an answer may be sent.
  Clock::time_point deadline() const { return deadline_; }

  // After the next answer the connection ends.
  void let_answer_be_last() { may_stay_ = false; }

 private:
  // co_await within(time, attempt) calls `attempt` now, and again whenever something has come, until it returns true
  // or the time is over. Whether it has returned true.
  struct Wait {
    Connection& connection;
    std::chrono::milliseconds time;
    std::function<bool()> attempt;

    bool await_ready() { return connection.in_time_ = attempt(); }
    void await_suspend(std::coroutine_handle<> /*frame*/) {
      connection.deadline_ = Clock::now() + time;
      connection.attempt_ = std::move(attempt);
    }
    bool await_resume() const { return connection.in_time_; }
  };
  Wait within(std::chrono::milliseconds time, std::function<bool()> attempt) {
    return {*this, time, std::move(attempt)};
  }

  Session converse();
  void check_connection() const;
  bool receive();
  bool has_input();
  bool has_header();
  bool has_content();
  bool drop_input();
  std::size_t send_some();
  std::optional<Status> take_header();
  std::optional<Status> problem_of_content() const;

  Socket client_;
  std::string received_;    // and not used yet
  bool has_ended_ = false;  // the client's side
  std::string output_;      // and not sent yet
  bool is_between_requests_ = true;
  Request request_;
  ContentFilter content_;
  int requests_ = 0;
  std::size_t dropped_ = 0;  // bytes, of a client that does not end: not more than max_content_bytes
  bool has_work_ = false;
  std::optional<Response> result_;  // of another thread
  const Limits& limits_;
  bool may_stay_ = true;
  std::function<bool()> attempt_ = [] { return true; };  // what the coroutine waits for
  Clock::time_point deadline_;
  bool in_time_ = true;
  Session session_;  // the last member: its frame is destroyed first
};
