#include "server/client.hpp"

#include "report/bytes.hpp"
#include "report/history.hpp"
#include "system/process_facts.hpp"
#include "system/tcp_facts.hpp"

#include <arpa/inet.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace support {

namespace {

constexpr std::size_t most_received = std::size_t{256} * 1024 * 1024;  // more than any answer of this course

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

std::uint16_t own_port(int socket) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

}  // namespace

Client::Client(const Server& server, Place place) : Client{server.port(), place} {}

Client::Client(std::uint16_t port, Place place) : port_{port}, server_{server_at(port)} {
  connection_ = history::connect(port);
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const sockaddr_in address = loopback(port);
  int error = ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ? 0 : errno;
  Patience patience{server_};
  std::string reason;
  if (error == EINPROGRESS) {
    if (patience.until_ready(socket_, POLLOUT)) {
      socklen_t size = sizeof error;
      ::getsockopt(socket_, SOL_SOCKET, SO_ERROR, &error, &size);
    } else {
      reason = "no answer to the connection request " + patience.gave_up();
    }
  }
  if (error == 0) {
    pollfd ended{socket_, POLLIN, 0};  // a server that ended the connection leaves nothing to be found
    while (!has_arrived(port, own_port(socket_)) && ::poll(&ended, 1, 0) == 0 && patience.a_moment()) {
    }
    return;
  }
  if (reason.empty()) reason = std::string{"connect: "} + std::strerror(error);
  history::note(connection_, reason);
  hang_up();
  fail_expectation(place, "a client connects", "somebody listens at 127.0.0.1:" + std::to_string(port), reason);
}

Client::~Client() {
  hang_up();
}

void Client::close() {
  if (socket_ < 0) return;
  hang_up();
  history::note(connection_, "closed by the client");
}

void Client::reset() {
  if (socket_ < 0) return;
  const linger now{1, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  hang_up();
  history::note(connection_, "reset by the client");
}

void Client::hang_up() {
  if (socket_ >= 0) ::close(std::exchange(socket_, -1));
  if (end_ == End::open) end_ = End::closed;
  can_send_ = false;
}

void Client::finish_sending() {
  ::shutdown(socket_, SHUT_WR);
  history::note(connection_, "the client has finished sending");
}

void Client::send_piece(std::string_view bytes, Place place) {
  Patience patience{server_};
  std::size_t sent = 0;
  while (sent < bytes.size() && can_send_) {
    const ssize_t count = ::send(socket_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (count >= 0) {
      history::sent(connection_, bytes.substr(sent, static_cast<std::size_t>(count)), sent > 0);
      sent += static_cast<std::size_t>(count);
      patience.refresh();
    } else if (errno == EAGAIN) {
      if (patience.until_ready(socket_, POLLOUT)) continue;
      history::note(connection_, "waited " + patience.gave_up());
      fail_expectation(place, "the server reads what is sent", "it reads all " + count_of(bytes.size()),
                       "only " + count_of(sent) + " fit, then nothing " + patience.gave_up());
    } else if (errno != EINTR) {
      can_send_ = false;
      history::note(connection_,
                    "could not send the other " + count_of(bytes.size() - sent) + ": " + std::strerror(errno));
    }
  }
}

void Client::send(std::string_view bytes, Place place) {
  send_piece(bytes, place);
}

std::size_t Client::send_what_fits(std::string_view bytes) {
  std::size_t sent = 0;
  while (sent < bytes.size() && can_send_) {
    const ssize_t count = ::send(socket_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) break;
    history::sent(connection_, bytes.substr(sent, static_cast<std::size_t>(count)), sent > 0);
    sent += static_cast<std::size_t>(count);
  }
  return sent;
}

void Client::send_when_read(std::string_view bytes, Place place) {
  if (can_send_) wait_until_read(place);
  if (can_send_) send_piece(bytes, place);
}

void Client::send_in_pieces(const std::vector<std::string>& pieces, Place place) {
  for (const std::string& piece : pieces) send_when_read(piece, place);
}

void Client::send_in_pieces(std::initializer_list<std::string_view> pieces, Place place) {
  for (const std::string_view piece : pieces) send_when_read(piece, place);
}

void Client::send_byte_by_byte(std::string_view bytes, Place place) {
  for (std::size_t i = 0; i < bytes.size(); ++i) send_when_read(bytes.substr(i, 1), place);
}

void Client::wait_until_read(Place place) {
  if (socket_ < 0) return;
  const std::uint16_t mine = own_port(socket_);
  Patience patience{server_};
  for (;;) {
    int not_acknowledged = 0;
    ::ioctl(socket_, SIOCOUTQ, &not_acknowledged);
    const std::size_t unread = unread_bytes(port_, mine) + static_cast<std::size_t>(not_acknowledged);
    pollfd connection{socket_, 0, 0};
    if (unread == 0 || ::poll(&connection, 1, 0) != 0) return;  // read, or the connection has ended
    if (!patience.a_moment()) {
      history::note(connection_, "waited " + patience.gave_up());
      fail_expectation(place, "the server reads what is sent", "it reads all of it",
                       count_of(unread) + " not read " + patience.gave_up());
    }
  }
}

Client::End Client::receive_some(std::string& into, std::size_t most, Patience& patience, std::string_view expected,
                                 Place place) {
  static thread_local char part[64 * 1024];
  while (end_ == End::open) {
    const ssize_t count = ::recv(socket_, part, most < sizeof part ? most : sizeof part, 0);
    if (count > 0) {
      const std::string_view bytes{part, static_cast<std::size_t>(count)};
      into += bytes;
      history::received(connection_, bytes);
      patience.refresh();
      return End::open;
    }
    if (count == 0) {
      end_ = End::closed;
      history::note(connection_, "closed by the server");
    } else if (errno == EAGAIN) {
      if (patience.until_ready(socket_, POLLIN)) continue;
      history::note(connection_, "waited " + patience.gave_up());
      fail_expectation(place, "the client is answered", expected,
                       (into.empty() ? "nothing" : shown(into, 32) + ", then nothing") + " " + patience.gave_up());
    } else if (errno != EINTR) {
      end_ = End::reset;
      can_send_ = false;
      history::note(connection_, errno == ECONNRESET ? "reset by the server" : std::strerror(errno));
    }
  }
  return end_;
}

Received Client::receive_all(Place place) {
  Received all;
  Patience patience{server_};
  while (receive_some(all.bytes, most_received, patience, "an answer, then the end of the connection", place) ==
         End::open) {
    if (all.bytes.size() > most_received) {
      fail_expectation(place, "the answer has an end", "at most " + count_of(most_received),
                       shown(all.bytes, 40) + " and more");
    }
  }
  all.reset = end_ == End::reset;
  return all;
}

std::string Client::receive(std::size_t count, Place place) {
  std::string bytes;
  Patience patience{server_};
  const std::string expected = count_of(count);
  while (bytes.size() < count && receive_some(bytes, count - bytes.size(), patience, expected, place) == End::open) {
  }
  return bytes;
}

std::string Client::receive_header_section(Place place) {
  std::string bytes;
  Patience patience{server_};
  while (!bytes.ends_with("\r\n\r\n") && receive_some(bytes, 1, patience, "an answer", place) == End::open) {
  }
  return bytes;
}

std::string Client::receive_answer_to_head(Place place) {
  return receive_header_section(place);
}

std::string Client::receive_answer(Place place) {
  constexpr std::string_view name = "\r\nContent-Length: ";
  std::string bytes = receive_header_section(place);
  const std::size_t length = bytes.find(name);
  if (length == std::string::npos) return bytes;
  return bytes + receive(std::strtoull(bytes.c_str() + length + name.size(), nullptr, 10), place);
}

bool Client::hears_nothing(Place place) {
  wait_until_read(place);
  Patience patience{server_};
  while (server_ > 0 && !is_at_rest(server_)) {
    if (!patience.a_moment()) {
      fail_expectation(place, "the server waits for the rest", "every thread waits for something to do",
                       "it worked without a pause " + patience.gave_up());
    }
  }
  pollfd wanted{socket_, POLLIN, 0};
  return ::poll(&wanted, 1, 0) == 0;
}

bool Client::has_mail() const {
  char byte = 0;
  return ::recv(socket_, &byte, 1, MSG_PEEK) > 0;
}

bool Client::closed() const {
  if (end_ != End::open || socket_ < 0) return true;
  char byte = 0;
  const ssize_t count = ::recv(socket_, &byte, 1, MSG_PEEK);
  return count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR);
}

bool Client::was_reset() const {
  if (end_ == End::reset) return true;
  pollfd connection{socket_, 0, 0};
  return socket_ >= 0 && ::poll(&connection, 1, 0) > 0 && (connection.revents & POLLERR) != 0;
}

}  // namespace support
