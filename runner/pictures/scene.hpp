#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace runner {

/// What a client of the scene does. slow: asks for a page that takes its time. fast: asks for the first page. silent:
/// connects, says nothing, and goes away. kept: asks for the first page, on the same connection as the kept one before
/// it.
enum class Client { slow, fast, silent, kept };

struct SceneRequest {
  Client client = Client::fast;
  std::chrono::milliseconds begins{0};  // after the scene's beginning
  std::chrono::milliseconds holds{0};   // slow: how long the page takes; silent: when it goes away, after it began
};

/// All that is sent to a server, and when.
struct Scene {
  std::string name;
  std::string about;  // what it shows
  std::vector<SceneRequest> requests;
  std::optional<std::chrono::milliseconds> stops{};  // when the server is asked to stop
};

/// How it ended. busy: the server said that it has no room (503). left: the silent client went away. sent_away: the
/// server ended it first. cut_off: the answer broke off, or none came. refused: there was no connection. unanswered:
/// nothing had come when the scene was over.
enum class Ending { answered, busy, left, sent_away, cut_off, refused, unanswered };

/// One request over time, as it is seen from outside; times are since the scene's beginning.
///
/// A request waits from `began` to `served` and is served from there to `ended`. When the server begins with it cannot
/// be seen: for a slow one it is known to be as long before the answer as its page takes; a fast one's answer begins
/// when it is served, as near as can be told. A silent client only is there: who waits for it cannot be seen.
struct Lane {
  std::string name;
  Client client = Client::fast;
  Ending ending = Ending::unanswered;
  std::chrono::microseconds began{0};
  std::chrono::microseconds served{0};
  std::chrono::microseconds ended{0};
  bool hurried = false;  // a slow page that came sooner than it was asked to: the server has no such page
};

/// The scenes that a server can be shown; the first is the usual one: two slow requests, a silent client, six fast
/// ones.
const std::vector<Scene>& scenes();

/// Sends the scene to the server at 127.0.0.1:`port`; the lanes in the order of the requests. It takes no longer than
/// `limit`, whatever the server does; a stop request ends it at once. `ask_to_stop` is called when the scene says so.
std::vector<Lane> play(const Scene& scene, std::uint16_t port, std::chrono::milliseconds limit,
                       const std::function<void()>& ask_to_stop = {}, const std::stop_token& stop = {});

}  // namespace runner
