// Tests of the output of a test program, and of what it says about a text or a number that is not as expected.
#include "expect/expect.hpp"
#include "own/failing_run.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

using support::all_failures;
using support::expect;
using support::expect_failure;
using support::Run;
using support::run_self;

namespace {

std::size_t columns(std::string_view line) {
  return static_cast<std::size_t>(
      std::count_if(line.begin(), line.end(), [](char letter) { return (letter & 0xc0) != 0x80; }));
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  for (std::size_t end = 0; (end = text.find('\n')) != text.npos; text.remove_prefix(end + 1)) {
    lines.emplace_back(text.substr(0, end));
  }
  return lines;
}

}  // namespace

TEST_SUITE_BEGIN("reporter");

TEST_CASE("a run that passes is a plan, and a line before and after each test") {
  const Run run = run_self("--test-case='an exit status counts as in a shell,one?s own descriptors*'");
  expect("the output", run.output)
      .is("1..2\n"
          "# running: one's own descriptors are counted without those of the counting\n"
          "ok 1 - one's own descriptors are counted without those of the counting\n"
          "# running: an exit status counts as in a shell\n"
          "# a server is asked for\n"
          "ok 2 - an exit status counts as in a shell\n");
  expect("the exit status", run.status).is(0);
}

TEST_CASE("doctest's options work as ever") {
  expect("a list", run_self("--list-test-cases --test-case='threads are*'").output).contains("\nthreads are counted");
  expect("a count", run_self("--count").output).contains("[doctest] unskipped test cases passing");
  expect("doctest's own words", run_self("--console --test-case='threads are*'").output).contains("Status: SUCCESS!");
  expect("doctest's own words", run_self("-r=console --test-case='threads are*'").output).contains("Status: SUCCESS!");
  expect("nothing to run", run_self("--test-case=nothing").output).is("1..0\n");
}

TEST_CASE("each failure takes at most 14 lines of at most 100 columns, and the exit status is 1") {
  expect("the exit status", all_failures().status).is(1);
  std::size_t count = 0;
  bool in_stderr = false;
  for (const std::string& line : lines_of(all_failures().output)) {
    if (line == "# server's stderr begins") in_stderr = true;
    if (line == "# server's stderr ends") in_stderr = false;
    if (in_stderr) continue;
    count = line.starts_with("  ") ? count + 1 : 0;
    INFO(line);
    CHECK(count <= 14);
    CHECK(columns(line) <= 100);
  }
}

TEST_CASE("a plain check shows its expression and its values") {
  expect_failure("plain check",
                 "  tests/support/own/cases.cpp:N: CHECK( threads == 4 )\n"
                 "  actual:   3 == 4\n");
  expect_failure("check with a message",
                 "  tests/support/own/cases.cpp:N: the method is read\n"
                 "  given:    a request with a body\n"
                 "  expected: method == \"POST\"\n"
                 "  actual:   GET\\n == POST\n");
  expect_failure("check of an exception",
                 "  tests/support/own/cases.cpp:N: CHECK_THROWS_AS( std::string{\"abc\"}.substr(1) )\n"
                 "  expected: an exception of type std::out_of_range\n"
                 "  actual:   no exception\n");
  expect_failure("check in a subcase",
                 "  tests/support/own/cases.cpp:N: CHECK_FALSE( std::string_view{\"a\"}.empty() == false )\n"
                 "  given:    with a full queue\n"
                 "  actual:   false == false\n");
  expect_failure("check of bytes",
                 "  tests/support/own/cases.cpp:N: CHECK( Bytes{\"a\\r\\n\"} == "
                 "Bytes{std::string(\"a\\0\\xff\", 3)} )\n"
                 "  actual:   \"a\\r\\n\" (3 bytes) == \"a\\0\\xff\" (3 bytes)\n");
  expect_failure("an exception",
                 "  tests/support/own/cases.cpp:N: an exception left the test\n"
                 "  actual:   bind: Address already in use\n");
}

TEST_CASE("a test that hangs is ended, and says where its threads stand") {
  ::setenv("SERVERLINGS_THREADS", "echo threads of", 1);
  const std::string hangs = "hangs: every thread waits, and nothing happens any more\n";
  const std::string plainly = run_self("--no-skip --test-case='every thread waits'").output;
  expect("the output", plainly)
      .starts_with("1..1\n# running: every thread waits\nnot ok 1 - every thread waits # HANGS\n");
  expect("the output", plainly).contains(": " + hangs + "  threads of ");
  const std::string after_failure = run_self("--no-skip --test-case='it hangs when it has failed'").output;
  expect("the output", after_failure)
      .contains("\nnot ok 1 - it hangs when it has failed # HANGS\n  tests/support/own/cases.cpp:");
  expect("the output", after_failure).contains(": the number of jobs\n  then it " + hangs + "  threads of ");
  expect("the output", run_self("--no-skip --test-case='the server never answers'").output)
      .contains(", and the server sleeps\n  where the server's threads stand:\n    threads of ");
  ::unsetenv("SERVERLINGS_THREADS");
  const std::string without_command = run_self("--no-skip --test-case='every thread waits'").output;
  expect("the output", without_command).contains(": " + hangs);
}

TEST_CASE("a test that works, or waits by a Patience, is not ended") {
  expect("the output", run_self("--no-skip --test-case='it works for longer than the watchdog waits'").output)
      .ends_with("\nok 1 - it works for longer than the watchdog waits\n");
}

TEST_CASE("a number that is not as expected") {
  expect_failure("a number",
                 "  tests/support/own/cases.cpp:N: the number of threads\n"
                 "  expected: at most 4\n"
                 "  actual:   5\n");
}

TEST_CASE("a text that is not as expected shows where it differs") {
  expect_failure("a text that differs late",
                 "  tests/support/own/cases.cpp:N: the page\n"
                 "  expected: …aaaaaaaaaaaaaaaaa\\r\\nhallo\" (307 bytes)\n"
                 "  actual:   …aaaaaaaaaaaaaaaaa\\r\\nhello\" (307 bytes)\n"
                 "                                   ^ differs from here, byte 304\n");
  expect_failure("a text that is cut off",
                 "  tests/support/own/cases.cpp:N: the page\n"
                 "  expected: \"HTTP/1.1 200 OK\\r\\n\\r\\nhello\" (24 bytes)\n"
                 "  actual:   \"HTTP/1.1 200 OK\\r\\n\\r\\nhe\" (21 bytes)\n"
                 "                                      ^ ends here\n");
  expect_failure("a text that goes on",
                 "  tests/support/own/cases.cpp:N: the page\n"
                 "  expected: \"HTTP/1.1 200 OK\\r\\n\\r\\nhe\" (21 bytes)\n"
                 "  actual:   \"HTTP/1.1 200 OK\\r\\n\\r\\nhello\" (24 bytes)\n"
                 "                                      ^ more than expected\n");
  expect_failure("a start",
                 "  tests/support/own/cases.cpp:N: the answer\n"
                 "  expected: \"HTTP/1.1 \" (9 bytes) at the start\n"
                 "  actual:   \"HTTP/1.0 200 OK\\r\\n\\r\\n\" (19 bytes)\n"
                 "                    ^ differs from here, byte 8\n");
  expect_failure("an end",
                 "  tests/support/own/cases.cpp:N: the answer\n"
                 "  expected: \"hello\\n\" (6 bytes) at the end\n"
                 "  actual:   …" +
                     std::string(47, 'x') + "hello\" (505 bytes)\n");
  expect_failure("something in it",
                 "  tests/support/own/cases.cpp:N: the answer\n"
                 "  expected: \"\\r\\nAllow: GET, HEAD\\r\\n\" (20 bytes) somewhere in it\n"
                 "  actual:   \"HTTP/1.1 405 No\\r\\n\\r\\n\" (19 bytes)\n");
  expect_failure("something not in it",
                 "  tests/support/own/cases.cpp:N: the answer\n"
                 "  expected: no \"secret\" (6 bytes)\n"
                 "  actual:   at byte 24: …0 OK\\r\\n\\r\\nthe secret\\n…\n");
  expect_failure("the right bytes and a reset",
                 "  tests/support/own/cases.cpp:N: the answer\n"
                 "  expected: \"HTTP/1.1 200 OK\\r\\n\" (17 bytes), then closed\n"
                 "  actual:   \"HTTP/1.1 200 OK\\r\\n\" (17 bytes), then reset by the server\n");
}

TEST_SUITE_END();
