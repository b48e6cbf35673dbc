#pragma once

#include <uv.h>

#include <functional>
#include <mutex>
#include <string>
#include <variant>
#include <vector>

#include "check/verdict.hpp"
#include "learner/terminal.hpp"
#include "system/uv_handle.hpp"

namespace runner {

/// A file of the stage may have changed.
struct Saved {};

/// The terminal has another size.
struct Resized {};

/// The process goes on, after Ctrl-Z or `kill -STOP`.
struct Continued {};

/// SIGINT, SIGTERM or SIGHUP.
struct Interrupted {};

/// What the check is doing: "building … 3 of 8".
struct Activity {
  std::string text;
};

/// What the check has found: what to mend, while other tests still run, or the whole verdict at its end.
struct Checked {
  Verdict verdict;
  bool untouched = false;  // the stage was as it was shipped
  bool ended = false;
};

/// What has become of a server.
struct ServerSays {
  int server = 0;  // which one: they are numbered
  bool runs = false;
  std::string text;
};

/// What can happen in watch mode: KeyPress is a key, or a paste.
using Event = std::variant<KeyPress, Saved, Resized, Continued, Interrupted, Activity, Checked, ServerSays>;

/// The one way into the loop: threads and libuv's callbacks post, and the loop takes, in the same order.
class Events {
 public:
  /// `take` is called by the loop, with one event at a time.
  Events(uv_loop_t& loop, std::function<void(Event)> take);
  Events(const Events&) = delete;
  Events& operator=(const Events&) = delete;

  /// By any thread.
  void post(Event event);

 private:
  void take_all();

  std::function<void(Event)> take_;
  std::mutex mutex_;  // guards posted_
  std::vector<Event> posted_;
  Handle<uv_async_t> wake_;
};

}  // namespace runner
