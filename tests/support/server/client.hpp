// A client that says exactly these bytes and tells exactly what came back. Everything it does goes into the history.
#pragma once

#include "expect/expect.hpp"
#include "expect/waiting.hpp"
#include "report/place.hpp"
#include "server/server.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace support {

// Every wait has a guard (see waiting.hpp): when it ends the wait, the test fails and says what was waited for.
class Client {
 public:
  // Connects to 127.0.0.1; the test fails when nobody listens there.
  explicit Client(std::uint16_t port, Place place = Place::here());
  explicit Client(const Server& server, Place place = Place::here());
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // Sends all of it. A server that has gone is no failure: the history says how much was not sent.
  void send(std::string_view bytes, Place place = Place::here());

  // Sends as much of it as there is room for, and returns how much that was, without waiting for the server.
  std::size_t send_what_fits(std::string_view bytes);

  // Sends each piece when the server has read the one before, so that no read can see two of them.
  void send_in_pieces(const std::vector<std::string>& pieces, Place place = Place::here());
  void send_in_pieces(std::initializer_list<std::string_view> pieces, Place place = Place::here());
  void send_byte_by_byte(std::string_view bytes, Place place = Place::here());

  // Waits until the server has read all that was sent (or has ended the connection).
  void wait_until_read(Place place = Place::here());

  void finish_sending();  // half-close: the server reads the end of input, and can still answer
  void reset();           // ends the connection with a reset (RST)
  void close();

  // All bytes until the server closes or resets the connection.
  Received receive_all(Place place = Place::here());

  // The next `count` bytes; fewer when the connection ends before.
  std::string receive(std::size_t count, Place place = Place::here());

  // The next answer on a connection that stays open: its header section, and as many bytes after it as its
  // Content-Length says (to HEAD: none). What has come so far, when the connection ends before.
  std::string receive_answer(Place place = Place::here());
  std::string receive_answer_to_head(Place place = Place::here());

  // Whether the server, after it has read all that was sent and come to rest, has neither answered nor closed.
  bool hears_nothing(Place place = Place::here());

  // Whether bytes have come that were not received yet. Looks only; does not wait.
  bool has_mail() const;

  // Whether the server has closed or reset the connection. Looks only; does not wait.
  bool closed() const;

  // Whether the server has reset the connection, be it behind its orderly end, of which a Linux client that reads hears
  // nothing. Looks only.
  bool was_reset() const;

 private:
  enum class End { open, closed, reset };

  void hang_up();
  void send_piece(std::string_view bytes, Place place);
  void send_when_read(std::string_view bytes, Place place);
  std::string receive_header_section(Place place);
  End receive_some(std::string& into, std::size_t most, Patience& patience, std::string_view expected, Place place);

  int socket_ = -1;
  std::uint16_t port_;
  pid_t server_;
  int connection_;  // its number in the history
  End end_ = End::open;
  bool can_send_ = true;
};

}  // namespace support
