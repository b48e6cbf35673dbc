#include "reading/signal_end.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <csignal>
#include <utility>

#include "reading/sanitizer_frame.hpp"
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
  for (auto end = before.find(": "); end != before.npos; end = before.find(": ")) {
    const auto part = before.substr(0, end);
    const auto path = repository_path(part.substr(0, part.rfind(':')));
    if (is_learners(path)) place = " (" + with_repository_paths(part) + ")";
    before.remove_prefix(end + 2);
  }
  const auto function = short_function(before.substr(0, before.find(" [")));
  return fmt::format("{}{}: {}", function, place, what);
}

// What the stack of a sanitizer's report tells of an exception's way, when there is one.
std::string_view rule_of_exception(std::string_view output) {
  const auto stack = output.substr(std::min(output.find("Sanitizer: ABRT on "), output.size()));
  // It was on its way to somebody who would have caught it, or had its way barred.
  if (contains(stack, "_Unwind_RaiseException") || contains(stack, "__clang_call_terminate"))
    return "exception-left-noexcept";
  return contains(stack, "start_thread") ? "exception-left-a-thread" : "exception";
}

void read_abort(std::string_view output, SignalEnd& end) {
  const auto is = [&](std::string_view rule, std::string fact = {}) {
    end.rule = rule;
    if (!fact.empty()) end.facts = {std::move(fact)};
  };
  if (contains(output, "terminate called without an active exception") ||
      contains(output, "terminating without an active"))
    return is("thread-not-joined");
  auto type = rest_of_line(output, "terminate called after throwing an instance of ");
  auto what = rest_of_line(output, "what():");
  if (type.empty()) {  // libc++: "terminating with uncaught exception of type X: what"
    type = rest_of_line(output, "uncaught exception of type ");
    what = {};
  }
  if (!type.empty()) {
    const auto name = replaced(plain_quotes(type), "'", "");
    return is(rule_of_exception(output), fmt::format("{}{}{}", name, what.empty() ? "" : ", ", what));
  }
  if (contains(output, "terminate called recursively")) return is("exception-meanwhile");
  if (contains(output, "terminate called")) return is("terminate");
  if (contains(output, "pure virtual method called")) return is("pure-virtual");
  constexpr std::string_view assertion_words = ": Assertion ";
  if (contains(output, assertion_words))
    return is("assertion", assertion(line_with(output, assertion_words), assertion_words));
  if (contains(output, "stack smashing")) return is("stack-smashed", std::string(line_with(output, "stack smashing")));
  for (const std::string_view words : {"double free", "free(): ", "malloc(): ", "realloc(): ", "munmap_chunk(): ",
                                       "corrupted size", "corrupted double-linked list"}) {
    if (contains(output, words)) return is("damaged-memory", std::string(line_with(output, words)));
  }
  is("abort");
}

}  // namespace

SignalEnd signal_end_of(int signal, std::string_view output) {
  constexpr std::pair<int, std::string_view> names[] = {
      {SIGABRT, "SIGABRT"}, {SIGSEGV, "SIGSEGV"}, {SIGBUS, "SIGBUS"},   {SIGFPE, "SIGFPE"},   {SIGILL, "SIGILL"},
      {SIGTRAP, "SIGTRAP"}, {SIGPIPE, "SIGPIPE"}, {SIGKILL, "SIGKILL"}, {SIGTERM, "SIGTERM"}, {SIGINT, "SIGINT"},
      {SIGHUP, "SIGHUP"},   {SIGALRM, "SIGALRM"}, {SIGXCPU, "SIGXCPU"}, {SIGXFSZ, "SIGXFSZ"}, {SIGSYS, "SIGSYS"},
  };
  SignalEnd end{fmt::format("signal {}", signal), {}, {}};
  for (const auto& [number, name] : names) {
    if (number == signal) end.signal = name;
  }
  end.rule = end.signal;
  if (signal == SIGABRT) read_abort(output, end);
  return end;
}

}  // namespace runner
