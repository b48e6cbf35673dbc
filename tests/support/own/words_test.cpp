// Tests of how bytes, ends of processes, paths and sanitizers' reports are put into words.
#include "expect/expect.hpp"
#include "report/bytes.hpp"
#include "report/report.hpp"
#include "system/exit_status.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <string>
#include <string_view>

using support::expect;

TEST_SUITE_BEGIN("words");

TEST_CASE("bytes are escaped and counted, and cut between two of them") {
  expect("escaped", support::escaped(std::string_view{"\r\n\t\"\\\0\x01\x7f\xc3 a", 11}))
      .is(R"(\r\n\t\"\\\0\x01\x7f\xc3 a)");
  expect("one", support::shown("a")).is("\"a\" (1 byte)");
  expect("none", support::shown("")).is("nothing");
  const std::string long_text = std::string(8, 'a') + "\r\n" + std::string(8, 'b');
  expect("cut", support::shown(long_text, 22)).is("\"aaaaaaaa… (18 bytes)");
  expect("cut, with more behind it", support::shown(long_text, 32, ", then reset"))
      .is("\"aaaaaaaa… (18 bytes), then reset");
  expect("cut at the start", support::shown_end(long_text, 24)).is("…\\nbbbbbbbb\" (18 bytes)");
}

TEST_CASE("numbers are compared as numbers, whatever their types") {
  using support::is_less;
  using support::is_same;
  CHECK(is_same(3, 3U));
  CHECK_FALSE(is_same(-1, ~0U));
  CHECK_FALSE(is_same(-1, ~0ULL));
  CHECK(is_less(-1, 0U));
  CHECK(is_less(-2, -1L));
  CHECK(is_less(-1L, ~0ULL));
  CHECK_FALSE(is_less(3U, 3));
}

TEST_CASE("an end of a process is said in words") {
  const auto words = [](int signal, std::string_view text = "") {
    return in_words(support::ExitStatus{.signal = signal}, text);
  };
  expect("a code", in_words(support::ExitStatus{.code = 2})).is("exited with status 2");
  expect("SIGSEGV", words(SIGSEGV)).is("was killed by SIGSEGV: it used memory that is not its own");
  expect("SIGUSR1", words(SIGUSR1)).is("was killed by SIGUSR1");
  expect("a thread", words(SIGABRT, "terminate called without an active exception\n"))
      .is("was killed by SIGABRT: a std::thread was destroyed without a join");
}

TEST_CASE("a path begins where the repository does") {
  using support::report::path_in_repository;
  expect("relative", path_in_repository("../../course/tests/03_rebind.cpp")).is("tests/03_rebind.cpp");
  expect("absolute", path_in_repository("/home/tests/course/steps/03_rebind/main.cpp")).is("steps/03_rebind/main.cpp");
  expect("of a wrong solution's tests", path_in_repository("../../mistakes/03_rebind/reuse_port/03_rebind.cpp"))
      .is("tests/03_rebind.cpp");
  expect("of a wrong solution", path_in_repository("../../mistakes/03_rebind/reuse_port/listener.hpp"))
      .is("steps/03_rebind/listener.hpp");
  expect("other", path_in_repository("/usr/include/c++/12/string")).is("/usr/include/c++/12/string");
}

TEST_CASE("a sanitizer's report is cut to what it found and to the learner's lines") {
  using support::report::meaningful_lines;
  const auto joined = [](std::string_view text) {
    std::string result;
    for (const std::string& line : meaningful_lines(text)) result += line + "\n";
    return result;
  };
  expect("GCC, AddressSanitizer",
         joined("=====\n"
                "==85==ERROR: AddressSanitizer: heap-use-after-free on address 0x60 at pc 0x5\n"
                "READ of size 1 at 0x602000000011 thread T0\n"
                "    #0 0x7f95 in std::string::size() const /usr/include/c++/12/string:99\n"
                "    #1 0x557d in answer(Socket&) ../../c/solutions/04_x/main.cpp:17\n"
                "    #2 0x557e in main ../../c/solutions/04_x/main.cpp:30\n"
                "    #3 0x557e in other ../../c/solutions/04_x/main.cpp:31\n"))
      .is("AddressSanitizer: heap-use-after-free\n"
          "solutions/04_x/main.cpp:17 in answer(Socket&)\n"
          "solutions/04_x/main.cpp:30 in main\n");
  expect("Clang, ThreadSanitizer", joined("WARNING: ThreadSanitizer: data race (pid=12)\n"
                                          "  Write of size 4 at 0x7b by thread T2:\n"
                                          "    #0 push(int) /c/steps/19_x/queue.hpp:8:5 (a+0x3) (BuildId: 1d)\n"))
      .is("ThreadSanitizer: data race\nsteps/19_x/queue.hpp:8 in push(int)\n");
  expect("UndefinedBehaviorSanitizer", joined("../steps/06_x/respond.cpp:9:3: runtime error: signed integer overflow\n"
                                              "    #0 0x55 in respond ../steps/06_x/respond.cpp:9\n"))
      .is("steps/06_x/respond.cpp:9:3: runtime error: signed integer overflow\n"
          "steps/06_x/respond.cpp:9 in respond\n");
  expect("no report", joined("one\n\ntwo\nthree\n====\nfour\n")).is("two\nthree\nfour\n");
}

TEST_SUITE_END();
