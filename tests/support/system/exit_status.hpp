// How a process ended.
#pragma once

#include <string>
#include <string_view>

namespace support {

struct ExitStatus {
  int code = 0;    // what it gave to exit(); 0 when a signal killed it
  int signal = 0;  // the signal that killed it; 0 when it left by itself

  bool operator==(const ExitStatus&) const = default;
  operator int() const { return signal != 0 ? 128 + signal : code; }  // as a shell counts
};

// "exited with status 1", "was killed by SIGPIPE: it wrote to a client that had gone". What the process printed last
// tells what an abort was for.
std::string in_words(const ExitStatus& status, std::string_view stderr_text = {});

}  // namespace support
