#include "reading/signal_end.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <csignal>
#include <cstring>
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
  if (contains(stack, " _Unwind_R") || contains(stack, "__clang_call_terminate")) return "exception-left-noexcept";
  return contains(stack, "start_thread") ? "exception-left-a-thread" : "exception";
}

void read_abort(std::string_view output, SignalEnd& end) {
  const auto is = [&](std::string_view rule, std::string fact = {}) {
    end.rule = rule;
    if (!fact.empty()) end.facts = {std::move(fact)};
  };
  // Before it ends the program as any call of std::terminate does.
  if (contains(output, "pure virtual method called")) return is("pure-virtual");
  if (contains(output, "terminate called without an active exception")) return is("thread-not-joined");
  const auto type = rest_of_line(output, "terminate called after throwing an instance of ");
  if (!type.empty()) {
    const auto what = rest_of_line(output, "what():");
    const auto name = replaced(plain_quotes(type), "'", "");
    return is(rule_of_exception(output), fmt::format("{}{}{}", name, what.empty() ? "" : ", ", what));
  }
  constexpr std::string_view assertion_words = ": Assertion ";
  if (contains(output, assertion_words))
    return is("assertion", assertion(line_with(output, assertion_words), assertion_words));
  if (contains(output, "stack smashing")) return is("stack-smashed", std::string(line_with(output, "stack smashing")));
  is("abort");
}

}  // namespace

SignalEnd signal_end_of(int signal, std::string_view output) {
  const char* name = sigabbrev_np(signal);
  SignalEnd end{name != nullptr ? fmt::format("SIG{}", name) : fmt::format("signal {}", signal), {}, {}};
  end.rule = end.signal;
  if (signal == SIGABRT) read_abort(output, end);
  return end;
}

}  // namespace runner
