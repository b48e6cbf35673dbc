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
#include <iterator>
#include <map>
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

// A connection, and the requests on it, one after the other; but for kept ones, that is one.
class Player {
 public:
  explicit Player(std::uint16_t port) : port_(port) {}
  ~Player() { close_socket(); }
  Player(const Player&) = delete;
  Player& operator=(const Player&) = delete;

  void add(const SceneRequest& request, std::string name) {
    requests_.push_back(request);
    const auto begins = request.begins;
    lanes_.push_back(
        {.name = std::move(name), .client = request.client, .began = begins, .served = begins, .ended = begins});
  }

  bool done() const { return at_ == requests_.size(); }
  const std::vector<Lane>& lanes() const { return lanes_; }

  // What poll is to wait for; a negative descriptor is not looked at.
  pollfd wanted() const {
    const bool writes = state_ == State::connecting || (state_ == State::asks && !to_send_.empty());
    return {descriptor_, static_cast<short>(writes ? POLLOUT : POLLIN), 0};
  }

  // When something is to be done even if nothing comes.
  std::optional<microseconds> next_time() const {
    if (done()) return std::nullopt;
    if (state_ == State::before) return request().begins;
    if (request().client == Client::silent) return leaves();
    return std::nullopt;
  }

  void time_is(microseconds now) {
    if (!done() && state_ == State::before && now >= request().begins) begin(now);
    if (!done() && state_ != State::before && request().client == Client::silent && now >= leaves())
      finish(Ending::left, now);
  }

  void is_ready(microseconds now) {
    if (done()) return;
    if (state_ == State::connecting) {
      int error = 0;
      socklen_t size = sizeof error;
      getsockopt(descriptor_, SOL_SOCKET, SO_ERROR, &error, &size);
      if (error != 0) return finish(Ending::refused, now);
      state_ = State::asks;
    }
    if (state_ == State::before) return close_socket();  // the server does not wait for the next request
    if (!to_send_.empty()) return send_more(now);
    receive(now);
  }

  // The scene is over.
  void stop(microseconds now) {
    while (!done()) finish(Ending::unanswered, now);
  }

 private:
  enum class State { before, connecting, asks };  // before: the next request has not begun

  const SceneRequest& request() const { return requests_[at_]; }
  Lane& lane() { return lanes_[at_]; }
  microseconds leaves() const { return request().begins + request().holds; }

  void begin(microseconds now) {
    lane().began = now;
    received_.clear();
    const bool slow = request().client == Client::slow;
    const bool kept = request().client == Client::kept;
    if (request().client != Client::silent) {
      to_send_ = fmt::format("GET {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n{}\r\n",
                             slow ? fmt::format("/sleep?ms={}", request().holds.count()) : "/", port_,
                             kept ? "" : "Connection: close\r\n");
    }
    if (at_ > 0) {
      state_ = State::asks;
      return descriptor_ < 0 ? finish(Ending::sent_away, now) : send_more(now);
    }
    connect_socket(now);
  }

  void connect_socket(microseconds now) {
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
    if (request().client == Client::silent) return finish(Ending::sent_away, now);
    if (count <= 0) return finish(count == 0 && is_whole_answer(received_) ? ending() : Ending::cut_off, now);
    if (received_.empty()) {
      const bool slow = request().client == Client::slow;
      lane().hurried = slow && now - lane().began < request().holds;
      lane().served = slow && !lane().hurried ? now - request().holds : now;
    }
    constexpr std::size_t enough = 1 << 20;  // nothing in the scene is as long; a server may send without end
    if (received_.size() < enough) received_.append(piece, static_cast<std::size_t>(count));
    if (request().client == Client::kept && is_whole_answer(received_)) finish(ending(), now);
  }

  Ending ending() const { return received_.starts_with("HTTP/1.1 503 ") ? Ending::busy : Ending::answered; }

  void finish(Ending ending, microseconds now) {
    lane().ending = ending;
    lane().ended = now;
    if (received_.empty()) lane().served = now;
    state_ = State::before;
    ++at_;
    if (done() || ending != Ending::answered) close_socket();
  }

  void close_socket() {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = -1;
  }

  std::uint16_t port_;
  std::vector<SceneRequest> requests_;
  std::vector<Lane> lanes_;
  std::size_t at_ = 0;  // the request that has begun, or is the next
  int descriptor_ = -1;
  State state_ = State::before;
  std::string to_send_;
  std::string received_;
};

std::string_view name_of(Client client) {
  if (client == Client::slow) return "slow";
  if (client == Client::fast) return "fast";
  return client == Client::kept ? "kept" : "silent";
}

}  // namespace

const std::vector<Scene>& scenes() {
  const auto ms = [](int count) { return milliseconds(count); };
  static const std::vector<Scene> all{
      {"usual",
       "slow requests, fast ones, and a silent client",
       {{Client::slow, ms(0), ms(400)},
        {Client::fast, ms(50)},
        {Client::slow, ms(100), ms(400)},
        {Client::fast, ms(150)},
        {Client::silent, ms(200), ms(800)},
        {Client::fast, ms(250)},
        {Client::fast, ms(300)},
        {Client::fast, ms(350)},
        {Client::fast, ms(700)}}},
      {"flood", "more clients at a time than there is room for",
       [&] {
         std::vector<SceneRequest> requests(4, {Client::slow, ms(0), ms(400)});
         requests.insert(requests.end(), 100, {Client::fast, ms(50)});
         requests.insert(requests.end(), 2, {Client::fast, ms(600)});
         return requests;
       }()},
      {"stop",
       "the server is asked to stop (SIGTERM) while it is at work",
       {{Client::slow, ms(0), ms(400)},
        {Client::slow, ms(50), ms(400)},
        {Client::silent, ms(100), ms(800)},
        {Client::slow, ms(150), ms(400)},
        {Client::fast, ms(200)},
        {Client::fast, ms(300)},
        {Client::fast, ms(600)}},
       ms(250)},
      {"kept",
       "three requests on one connection, beside others",
       {{Client::kept, ms(0)},
        {Client::fast, ms(50)},
        {Client::kept, ms(100)},
        {Client::slow, ms(150), ms(200)},
        {Client::kept, ms(200)},
        {Client::fast, ms(250)}}},
  };
  return all;
}

std::vector<Lane> play(const Scene& scene, std::uint16_t port, milliseconds limit,
                       const std::function<void()>& ask_to_stop, const std::stop_token& stop) {
  std::deque<Player> players;
  std::map<Client, int> numbers;
  Player* keeps = nullptr;
  for (const auto& request : scene.requests) {
    const bool kept = request.client == Client::kept;
    auto& player = kept && keeps != nullptr ? *keeps : players.emplace_back(port);
    if (kept) keeps = &player;
    const auto number = ++numbers[request.client];
    const auto name = name_of(request.client);
    player.add(request, request.client == Client::silent ? std::string(name) : fmt::format("{} {}", name, number));
  }

  const auto start = std::chrono::steady_clock::now();
  const auto now = [&] { return std::chrono::duration_cast<microseconds>(std::chrono::steady_clock::now() - start); };
  bool was_asked = !scene.stops;
  while (!std::ranges::all_of(players, &Player::done) && now() < limit && !stop.stop_requested()) {
    microseconds until = now() + longest_look;
    if (!was_asked) until = std::min<microseconds>(until, *scene.stops);
    std::vector<pollfd> descriptors;
    for (const auto& player : players) {
      descriptors.push_back(player.wanted());
      until = std::min(until, player.next_time().value_or(until));
    }
    const auto wait = std::max(until - now(), microseconds(0));
    const timespec left{0, std::chrono::nanoseconds(wait).count()};
    ppoll(descriptors.data(), descriptors.size(), &left, nullptr);
    const auto looked = now();
    if (!was_asked && looked >= *scene.stops) {
      was_asked = true;
      ask_to_stop();
    }
    for (std::size_t i = 0; i < players.size(); ++i) {
      if (descriptors[i].revents != 0) players[i].is_ready(looked);
      players[i].time_is(looked);
    }
  }
  std::vector<Lane> lanes;
  for (auto& player : players) {
    player.stop(now());
    std::ranges::copy(player.lanes(), std::back_inserter(lanes));
  }
  std::ranges::stable_sort(lanes, {}, &Lane::began);
  return lanes;
}

}  // namespace runner
