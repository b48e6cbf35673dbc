#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace runner {

/// How a signal ended a program: the rule is the name of a row of docs/when_it_fails/signals.md.
struct SignalEnd {
  std::string signal{};              // "SIGABRT"
  std::string rule{};                // "thread-not-joined"; the signal's name where there is no more to tell
  std::vector<std::string> facts{};  // what fills the row's {1}: "std::system_error, bind: Address already in use"
};

/// `output`, what the program printed last, tells why for SIGABRT; safe to print.
SignalEnd signal_end_of(int signal, std::string_view output = {});

}  // namespace runner
