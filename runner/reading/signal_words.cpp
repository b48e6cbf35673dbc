#include <fmt/core.h>

#include <algorithm>
#include <csignal>

#include "reading/sanitizer_report.hpp"
#include "reading/sanitizer_words.hpp"
#include "text/text.hpp"

namespace runner {
namespace {

// The rest of the line on which `key` stands, from after it.
std::string_view rest_of_line(std::string_view text, std::string_view key) {
  const auto at = text.rfind(key);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + key.size());
  return trimmed(text.substr(0, text.find('\n')));
}

bool says(std::string_view output, std::string_view words) {
  return output.find(words) != std::string_view::npos;
}

// The line on which `words` stand.
std::string_view line_with(std::string_view output, std::string_view words) {
  const auto at = output.rfind(words);
  const auto begin = output.rfind('\n', at);
  return trimmed(output.substr(begin + 1, output.find('\n', at) - begin - 1));
}

// "/usr/…/stl_vector.h:1123: T& std::vector<T>::operator[](size_type) [with …]: Assertion '__n < this->size()' failed."
// (libstdc++); "server: main.cpp:12: int main(): Assertion `n > 0' failed." (assert)
std::string assertion(std::string_view line, std::string_view words) {
  const auto at = line.rfind(words);
  auto before = line.substr(0, at);
  auto what = line.substr(at + words.size());
  what = what.substr(0, what.rfind(" failed."));
  std::string place;
  for (;;) {
    const auto end = before.find(": ");
    if (end == std::string_view::npos) break;
    const auto part = before.substr(0, end);
    const auto path = repository_path(part.substr(0, part.rfind(':')));
    if (is_learners(path)) place = " (" + with_repository_paths(part) + ")";
    before.remove_prefix(end + 2);
  }
  const auto function = short_function(before.substr(0, before.find(" [")));
  return fmt::format("an assertion failed in {}{}: {}", function, place, what);
}

// What the stack of a sanitizer's report tells of an exception's way, when there is one.
std::string_view what_it_left(std::string_view output) {
  const auto stack = output.substr(std::min(output.find("Sanitizer: ABRT on "), output.size()));
  // It was on its way to somebody who would have caught it, or had its way barred.
  const bool barred = says(stack, "_Unwind_RaiseException") || says(stack, "__clang_call_terminate");
  if (barred) return ", which left a function that is noexcept (as a destructor is)";
  return says(stack, "start_thread") ? ", which left the function of a thread" : "";
}

std::string why_aborted(std::string_view output) {
  if (says(output, "terminate called without an active exception") || says(output, "terminating without an active")) {
    return "a std::thread was destroyed, or assigned to, before it was joined";
  }
  auto type = rest_of_line(output, "terminate called after throwing an instance of ");
  auto what = rest_of_line(output, "what():");
  if (type.empty()) {  // libc++: "terminating with uncaught exception of type X: what"
    type = rest_of_line(output, "uncaught exception of type ");
    what = {};
  }
  if (!type.empty()) {
    const std::string name = replaced(plain_quotes(type), "'", "");
    return fmt::format("nobody caught an exception{}: {}{}{}", what_it_left(output), name, what.empty() ? "" : ", ",
                       what);
  }
  if (says(output, "terminate called recursively"))
    return "an exception was thrown while another one ended the program";
  if (says(output, "terminate called")) return "std::terminate was called";
  if (says(output, "pure virtual method called"))
    return "a virtual function was called that the object does not have yet, or no more";
  constexpr std::string_view assertion_words = ": Assertion ";
  if (says(output, assertion_words)) return assertion(line_with(output, assertion_words), assertion_words);
  for (const std::string_view words : {"double free", "free(): ", "malloc(): ", "corrupted", "stack smashing"}) {
    if (says(output, words)) return fmt::format("the memory was damaged: {}", line_with(output, words));
  }
  return "it ended itself (abort)";
}

}  // namespace

std::string signal_in_words(int signal, std::string_view output) {
  const std::string text = printable(output);
  switch (signal) {
    case SIGABRT:
      return fmt::format("SIGABRT: {}", why_aborted(text));
    case SIGSEGV:
      return "SIGSEGV: it used memory that is not its own (a null or dangling pointer, an index too large, endless "
             "recursion)";
    case SIGBUS:
      return "SIGBUS: it used memory that is not there (a file that became shorter, say)";
    case SIGFPE:
      return "SIGFPE: it divided a whole number by zero";
    case SIGILL:
    case SIGTRAP:
      return fmt::format("{}: it reached code that must not be reached (a missing return, say)",
                         signal == SIGILL ? "SIGILL" : "SIGTRAP");
    case SIGPIPE:
      return "SIGPIPE: it wrote to a connection or pipe whose other end had gone";
    case SIGKILL:
      return "SIGKILL: somebody stopped it by force: the system when memory runs out, or a time limit";
    case SIGTERM:
      return "SIGTERM: somebody asked it to end";
    case SIGINT:
      return "SIGINT: somebody pressed Ctrl-C";
    case SIGHUP:
      return "SIGHUP: its terminal went away";
    case SIGALRM:
      return "SIGALRM: a timer that it had set ran out";
    case SIGXCPU:
      return "SIGXCPU: it used more processor time than it may";
    case SIGXFSZ:
      return "SIGXFSZ: it wrote a larger file than it may";
    case SIGSYS:
      return "SIGSYS: it made a system call that is not allowed";
    default:
      return fmt::format("signal {}", signal);
  }
}

}  // namespace runner
