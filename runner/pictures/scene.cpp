#include "pictures/scene.hpp"

#include <arpa/inet.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <deque>
#include <optional>
#include <string_view>

#include "text/text.hpp"

namespace runner {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr milliseconds longest_look{20};  // between two looks at the stop token

// Whether the text is an answer that came whole (RFC 9112 §6.3: as many bytes as it says, else up to the end).
bool is_whole_answer(std::string_view text) {
  const auto head = text.find("\r\n\r\n");
  if (!text.starts_with("HTTP/1.") || head == std::string_view::npos) return false;
  constexpr std::string_view length = "\r\nContent-Length: ";
  const auto field = text.substr(0, head).find(length);
  if (field == std::string_view::npos) return true;
  const auto digits = text.substr(field + length.size(), text.find("\r\n", field + 2) - field - length.size());
  return to_number(digits) == static_cast<int>(text.size() - head - 4);
}

class Player {
 public:
  Player(const SceneRequest& request, std::string name, std::uint16_t port) : request_(request), port_(port) {
    lane_.name = std::move(name);
    lane_.client = request.client;
    lane_.began = lane_.served = lane_.ended = request.begins;
  }
  ~Player() { close_socket(); }
  Player(const Player&) = delete;
  Player& operator=(const Player&) = delete;

  bool done() const { return state_ == State::done; }
  Lane lane() const { return lane_; }

  // What poll is to wait for; a negative descriptor is not looked at.
  pollfd wanted() const {
    const bool writes = state_ == State::connecting || (state_ == State::open && !to_send_.empty());
    return {descriptor_, static_cast<short>(writes ? POLLOUT : POLLIN), 0};
  }

  // When something is to be done even if nothing comes.
  std::optional<microseconds> next_time() const {
    if (state_ == State::before) return request_.begins;
    if (state_ != State::done && request_.client == Client::silent) return leaves();
    return std::nullopt;
  }

  void time_is(microseconds now) {
    if (state_ == State::before && now >= request_.begins) begin(now);
    if (state_ != State::done && request_.client == Client::silent && now >= leaves()) finish(Ending::left, now);
  }

  void is_ready(microseconds now) {
    if (state_ == State::connecting) {
      int error = 0;
      socklen_t size = sizeof error;
      getsockopt(descriptor_, SOL_SOCKET, SO_ERROR, &error, &size);
      if (error != 0) return finish(Ending::refused, now);
      state_ = State::open;
    }
    if (!to_send_.empty()) return send_more(now);
    receive(now);
  }

  // The scene is over.
  void stop(microseconds now) {
    if (state_ != State::done) finish(Ending::unanswered, now);
  }

 private:
  enum class State { before, connecting, open, done };

  microseconds leaves() const { return request_.begins + request_.holds; }

  void begin(microseconds now) {
    lane_.began = now;
    if (request_.client != Client::silent) {
      const auto target = request_.client == Client::slow ? fmt::format("/sleep?ms={}", request_.holds.count()) : "/";
      to_send_ = fmt::format("GET {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n", target, port_);
    }
    descriptor_ = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor_ < 0) return finish(Ending::refused, now);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port_);
    state_ = State::connecting;
    const int connected = connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    if (connected != 0 && errno != EINPROGRESS) finish(Ending::refused, now);
  }

  void send_more(microseconds now) {
    const auto count = send(descriptor_, to_send_.data(), to_send_.size(), MSG_NOSIGNAL);
    if (count > 0) to_send_.erase(0, static_cast<std::size_t>(count));
    if (count < 0 && errno != EAGAIN && errno != EINTR) {
      to_send_.clear();
      receive(now);  // a server may answer without reading, and close
    }
  }

  void receive(microseconds now) {
    char piece[16384];
    const auto count = recv(descriptor_, piece, sizeof piece, 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (request_.client == Client::silent) return finish(Ending::sent_away, now);
    if (count <= 0) return finish(count == 0 && is_whole_answer(received_) ? Ending::answered : Ending::cut_off, now);
    if (received_.empty()) {
      const bool slow = request_.client == Client::slow;
      lane_.hurried = slow && now - lane_.began < request_.holds;
      lane_.served = slow && !lane_.hurried ? now - request_.holds : now;
    }
    constexpr std::size_t enough = 1 << 20;  // nothing in the scene is as long; a server may send without end
    if (received_.size() < enough) received_.append(piece, static_cast<std::size_t>(count));
  }

  void finish(Ending ending, microseconds now) {
    state_ = State::done;
    lane_.ending = ending;
    lane_.ended = now;
    if (received_.empty()) lane_.served = now;
    close_socket();
  }

  void close_socket() {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = -1;
  }

  const SceneRequest& request_;
  std::uint16_t port_;
  int descriptor_ = -1;
  State state_ = State::before;
  std::string to_send_;
  std::string received_;
  Lane lane_;
};

}  // namespace

std::vector<SceneRequest> usual_scene() {
  const auto slow = milliseconds(400);
  return {
      {Client::slow, milliseconds(0), slow},
      {Client::fast, milliseconds(50)},
      {Client::slow, milliseconds(100), slow},
      {Client::fast, milliseconds(150)},
      {Client::silent, milliseconds(200), milliseconds(800)},
      {Client::fast, milliseconds(250)},
      {Client::fast, milliseconds(300)},
      {Client::fast, milliseconds(350)},
      {Client::fast, milliseconds(700)},
  };
}

std::vector<Lane> play(const std::vector<SceneRequest>& scene, std::uint16_t port, milliseconds limit,
                       const std::stop_token& stop) {
  std::deque<Player> players;
  int slow = 0;
  int fast = 0;
  for (const auto& request : scene) {
    std::string name = "silent";
    if (request.client == Client::slow) name = fmt::format("slow {}", ++slow);
    if (request.client == Client::fast) name = fmt::format("fast {}", ++fast);
    players.emplace_back(request, std::move(name), port);
  }

  const auto start = std::chrono::steady_clock::now();
  const auto now = [&] { return std::chrono::duration_cast<microseconds>(std::chrono::steady_clock::now() - start); };
  while (!std::ranges::all_of(players, &Player::done) && now() < limit && !stop.stop_requested()) {
    microseconds until = now() + longest_look;
    std::vector<pollfd> descriptors;
    for (const auto& player : players) {
      descriptors.push_back(player.wanted());
      until = std::min(until, player.next_time().value_or(until));
    }
    const auto wait = std::max(until - now(), microseconds(0));
    const timespec left{0, std::chrono::nanoseconds(wait).count()};
    ppoll(descriptors.data(), descriptors.size(), &left, nullptr);
    const auto looked = now();
    for (std::size_t i = 0; i < players.size(); ++i) {
      if (descriptors[i].revents != 0) players[i].is_ready(looked);
      players[i].time_is(looked);
    }
  }
  std::vector<Lane> lanes;
  for (auto& player : players) {
    player.stop(now());
    lanes.push_back(player.lane());
  }
  return lanes;
}

}  // namespace runner
