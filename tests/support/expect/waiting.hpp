// Waiting without sleeping: until something happens, with a guard against waiting for ever.
#pragma once

#include <poll.h>
#include <sys/types.h>

#include <string>

namespace support {

// These are no expectations of speed; they are only there against hanging. A server that works, or that a busy machine
// does not let work, gets `guard`. One that sleeps all the while, with nothing left to react to, gets `rest_guard`, and
// what one has sent that has ended gets `end_guard` to arrive.
// Once a test of this program has failed by one of them, something is broken anyway, and less will do: a server that
// works gets `later_guard` of processor time, so that one which a busy machine holds up is not blamed.
inline constexpr int guard = 5000;            // milliseconds
inline constexpr int rest_guard = 1500;       // milliseconds
inline constexpr int end_guard = 500;         // milliseconds
inline constexpr int later_guard = 1000;      // milliseconds
inline constexpr int later_rest_guard = 250;  // milliseconds

class Patience {
 public:
  enum class After { failure_shorter, failure_the_same };

  // `watched`: the process that is to do what is waited for; 0 when nobody can say.
  explicit Patience(pid_t watched, After after = After::failure_shorter);

  // Waits until poll(2) reports something on the descriptor; false when patience is over.
  bool until_ready(int descriptor, short events);
  bool until_one_ready(pollfd* descriptors, unsigned long count);

  // A short wait, for facts that the kernel announces by no event (states in /proc); false when patience is over.
  bool a_moment();

  // Something has happened: waiting begins anew.
  void refresh();

  // How long it waited, in words, for the test that fails now: "for 1.5 s, and the server sleeps". From now on the
  // guards of this program are short. When the watched process sleeps, the failure tells where its threads stand.
  std::string gave_up() const;

 private:
  bool is_over(long long waited_from);

  pid_t watched_;
  After after_;
  long long started_ = 0;        // microseconds of the steady clock
  long long rested_ = 0;         // microseconds during which the watched process slept
  long long waited_ = 0;         // microseconds, at the last look
  long long worked_before_ = 0;  // milliseconds of the watched process's processor time
  int moments_ = 0;
  bool ended_by_rest_ = false;
  bool watched_ended_ = false;
};

}  // namespace support
