// The stage's server program as a process of its own.
#pragma once

#include "report/place.hpp"
#include "system/exit_status.hpp"

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace support {

struct ServerOptions {
  std::uint16_t port = 0;              // 0: the system chooses
  std::string folder = {};             // its current folder; empty: that of the test
  std::vector<std::string> args = {};  // after the port
  std::string program = {};            // empty: this test program's path with .test replaced by .server
  int descriptor_limit = 0;            // RLIMIT_NOFILE; 0: as it is
};

// Starts the program and reads from its first line of output where it listens; a start that fails is a failed test that
// shows why. The server never outlives this object or the thread that made it. One that ends without having been asked
// to, or whose sanitizer finds something, fails the test too.
class Server {
 public:
  // One constructor: with a second that takes a Place, Clang 16 and newer call a data member `Server server{{.folder =
  // …}}` ambiguous.
  explicit Server(const ServerOptions& options = {}, Place place = Place::here());
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::uint16_t port() const;
  pid_t pid() const;
  bool running() const;

  // Asks it to end (SIGTERM) and waits until it has; the test fails when it does not.
  ExitStatus stop(Place place = Place::here());

  // Sends it a signal. Its end is no failure from now on.
  void signal(int number);

  // The same, but some other thread than main receives it, if one has not blocked it: of the threads that have not, the
  // system may choose any (POSIX.1-2017 XSH §2.4.1).
  void signal_beside_main(int number);

  // The same, when main waits in a system call: its handler runs as if main had been about to begin with that call.
  void signal_before_main_waits(int number);

  // Waits until it ends, by itself or for a signal, which from now on is no failure; the test fails when it does not.
  ExitStatus wait(Place place = Place::here());

  // Waits until it has nothing left to do: every thread sleeps until somebody else acts. The test fails when that does
  // not come.
  void wait_until_at_rest(Place place = Place::here());

  // What it has written until now; of very much only the beginning and the end.
  std::string stdout_text() const;
  std::string stderr_text() const;

 private:
  friend pid_t latest_server();
  friend pid_t server_at(std::uint16_t port);
  friend void note_servers_at_failure();

  struct Process;
  Process& process_;  // this object's own; a reference spares every test the cost of <memory>
};

// What a server did that ended instead of serving.
struct Refusal {
  ExitStatus status;
  std::string stderr_text;
};

// Starts the program (the test's own) with these arguments and waits until it ends; the test fails when it serves.
Refusal refusal_of(const std::vector<std::string>& args, Place place = Place::here());

pid_t latest_server();                // that still runs; 0 when there is none
pid_t server_at(std::uint16_t port);  // 0 when this program started none there
void note_servers_at_failure();       // for the reporter: which of them ran when the test failed

}  // namespace support
