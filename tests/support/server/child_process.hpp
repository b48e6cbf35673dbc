// A program that runs as a child of the test and never outlives it.
#pragma once

#include "expect/waiting.hpp"
#include "system/descriptor.hpp"
#include "system/exit_status.hpp"
#include "system/output.hpp"

#include <sys/types.h>

#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace support {

class ChildProcess {
 public:
  // `words`: the program's path and its arguments. `folder`: its current folder; empty: this program's. A program that
  // cannot be started says so on its stderr and exits with 127.
  ChildProcess(std::vector<std::string> words, const std::string& folder, int descriptor_limit);

  // Kills it when it still runs.
  ~ChildProcess();

  pid_t pid() const { return pid_; }
  Output& out() { return out_; }
  Output& err() { return err_; }

  // From now on a thread reads what it writes.
  void drain_in_background();

  // Whether it has ended; then it is reaped, and status() tells how.
  bool has_ended();
  const ExitStatus& status() const { return status_; }

  // False when patience is over.
  bool wait_for_end(Patience& patience);

  // Asks it to end (SIGTERM); false when it did not and had to be killed.
  bool ask_to_end();
  void kill();

 private:
  ChildProcess(std::vector<std::string>& words, const std::string& folder, int descriptor_limit, Pipe out, Pipe err);

  Output out_;
  Output err_;
  pid_t pid_;
  Descriptor ending_;  // pidfd: readable when it has ended; -1 on kernels without
  Descriptor wake_;    // closed to end the thread that drains
  std::thread drainer_;
  std::mutex end_mutex_;  // guards what follows: the reporter asks, too, from whichever thread fails
  bool reaped_ = false;
  ExitStatus status_;  // constant when it is reaped
};

}  // namespace support
