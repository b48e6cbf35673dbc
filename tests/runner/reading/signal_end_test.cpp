#include "reading/signal_end.hpp"

#include <doctest/doctest.h>

#include <csignal>

#include "fixtures.hpp"

using namespace runner;

namespace {

std::string told(int signal, const std::string& output = {}) {
  const auto end = signal_end_of(signal, output);
  return end.signal + " " + end.rule + (end.facts.empty() ? "" : ": " + end.facts[0]);
}

}  // namespace

TEST_CASE("the end of a program has a rule, with what the program said last") {
  CHECK(told(SIGABRT, fixture("gcc12/san_terminate")) == "SIGABRT thread-not-joined");
  CHECK(told(SIGABRT, fixture("gcc12/san_throws")) ==
        "SIGABRT exception: std::system_error, bind: Address already in use");
  for (const std::string compiler : {"gcc12", "clang14"}) {
    CHECK(told(SIGABRT, fixture(compiler + "/san_glibcxx_assert")) ==
          "SIGABRT assertion: std::vector::operator[]: '__n < this->size()'");
  }
  CHECK(told(SIGABRT,
             "server: ../../steps/04/a.cpp:2: int {anonymous}::f(T) [with T = int]: Assertion `n > 0' failed.\n") ==
        "SIGABRT assertion: f (steps/04/a.cpp:2): `n > 0'");
  const std::string thrown =
      "terminate called after throwing an instance of 'E'\n==1==ERROR: AddressSanitizer: ABRT on unknown ";
  CHECK(told(SIGABRT, thrown + "\n  #8 0x1 in start_thread\n") == "SIGABRT exception-left-a-thread: E");
  CHECK(told(SIGABRT, thrown + "\n  #7 0x1 in _Unwind_RaiseException\n  #8 0x1 in start_thread\n") ==
        "SIGABRT exception-left-noexcept: E");
  CHECK(told(SIGABRT) == "SIGABRT abort");
  CHECK(told(SIGPIPE) == "SIGPIPE SIGPIPE");
  CHECK(told(99) == "signal 99 signal 99");
}
