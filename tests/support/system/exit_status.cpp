#include "system/exit_status.hpp"

#include <csignal>
#include <cstring>

namespace support {
namespace {

std::string_view cause_of_abort(std::string_view stderr_text) {
  const auto says = [stderr_text](std::string_view part) { return stderr_text.find(part) != stderr_text.npos; };
  if (says("terminate called after throwing")) return "nobody caught an exception";
  if (says("terminate called without an active exception")) return "a std::thread was destroyed without a join";
  if (says("Assertion `") || says("Assertion '")) return "an assertion did not hold";
  return "it gave up by itself";
}

std::string_view cause_of(int signal, std::string_view stderr_text) {
  switch (signal) {
    case SIGABRT:
      return cause_of_abort(stderr_text);
    case SIGBUS:
      return "it used memory that is not there";
    case SIGFPE:
      return "it divided an integer by zero";
    case SIGILL:
      return "it ran into code that must not be reached";
    case SIGKILL:
      return "somebody else stopped it, or memory ran out";
    case SIGPIPE:
      return "it wrote to a client that had gone";
    case SIGSEGV:
      return "it used memory that is not its own";
    case SIGTERM:
      return "somebody asked it to end";
    default:
      return "";
  }
}

}  // namespace

std::string in_words(const ExitStatus& status, std::string_view stderr_text) {
  // A sanitizer that is to tell where abort() was called (handle_abort=1) exits in its place.
  if (status.code != 0 && stderr_text.find("Sanitizer: ABRT on ") != stderr_text.npos) {
    return in_words({.code = 0, .signal = SIGABRT}, stderr_text);
  }
  if (status.signal == 0) return "exited with status " + std::to_string(status.code);
  const char* name = ::sigabbrev_np(status.signal);
  const std::string_view cause = cause_of(status.signal, stderr_text);
  return "was killed by " + (name != nullptr ? "SIG" + std::string{name} : "signal " + std::to_string(status.signal)) +
         (cause.empty() ? "" : ": ") + std::string{cause};
}

}  // namespace support
