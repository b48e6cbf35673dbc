// Tests of what a learner reads when a server does not do what a test expects.
#include "expect/expect.hpp"
#include "own/failing_run.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

using support::all_failures;
using support::expect;
using support::expect_failure;
using support::failure;
using support::Run;
using support::run_self;

namespace {

#if defined(__SANITIZE_THREAD__)
constexpr bool thread_sanitizer = true;
#elif defined(__has_feature)
constexpr bool thread_sanitizer = __has_feature(thread_sanitizer);
#else
constexpr bool thread_sanitizer = false;
#endif

}  // namespace

TEST_SUITE_BEGIN("failures of a server");

TEST_CASE("a failure shows all that went over the wire") {
  expect_failure("the server answers something else",
                 "  tests/support/own/servers.cpp:N: the page comes back\n"
                 "  expected: \"HTTP/1.1 200 OK\\r\\nContent-Length: 6\\r\\n\\r\\nhello!\" (44 bytes)\n"
                 "  actual:   \"HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\nhello\" (43 bytes)\n"
                 "                                                ^ differs from here, byte 34\n"
                 "  connection 1 to 127.0.0.1:N\n"
                 "    N ms  sent      \"GET / HTTP/1.1\\r\\n\\r\\n\" (18 bytes) in 18 pieces\n"
                 "    N ms  received  \"HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r… (N bytes)\n"
                 "    N ms  closed by the server\n");
  expect_failure("the server resets",
                 "  tests/support/own/servers.cpp:N: the page comes back\n"
                 "  expected: \"HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\nhello\" (43 bytes)\n"
                 "  actual:   \"HTTP/1.1 200 OK\\r\\n\" (17 bytes), then reset\n"
                 "                                ^ ends here\n"
                 "  connection 1 to 127.0.0.1:N\n"
                 "    N ms  sent      \"GET / HTTP/1.1\\r\\n\\r\\n\" (18 bytes)\n"
                 "    N ms  received  \"HTTP/1.1 200 OK\\r\\n\" (17 bytes)\n"
                 "    N ms  reset by the server\n");
}

TEST_CASE("a wait that its guard ends says what was waited for") {
  expect_failure("the server never answers",
                 "  tests/support/own/servers.cpp:N: the client is answered\n"
                 "  expected: an answer, then the end of the connection\n"
                 "  actual:   nothing for N s, and the server sleeps\n"
                 "  connection 1 to 127.0.0.1:N\n"
                 "    N ms  sent      \"GET / HTTP/1.1\\r\\n\\r\\n\" (18 bytes)\n"
                 "    N ms  waited for N s, and the server sleeps\n");
  expect_failure("the server stops midway",
                 "  tests/support/own/servers.cpp:N: the client is answered\n"
                 "  expected: an answer, then the end of the connection\n"
                 "  actual:   \"HTTP/1.1 \" (9 bytes), then nothing for N s, and the server sleeps\n"
                 "  connection 1 to 127.0.0.1:N\n"
                 "    N ms  sent      \"GET / HTTP/1.1\\r\\n\\r\\n\" (18 bytes)\n"
                 "    N ms  received  \"HTTP/1.1 \" (9 bytes)\n"
                 "    N ms  waited for N s, and the server sleeps\n");
  expect_failure("the server never reads",
                 "  tests/support/own/servers.cpp:N: the server reads what is sent\n"
                 "  expected: it reads all of it\n"
                 "  actual:   1 byte not read for N s, and the server sleeps\n"
                 "  connection 1 to 127.0.0.1:N\n"
                 "    N ms  sent      \"G\" (1 byte)\n"
                 "    N ms  waited for N s, and the server sleeps\n");
  expect("what a learner reads", failure("the server never reads what is much"))
      .contains(
          "  expected: it reads all 30000000 bytes\n"
          "  actual:   only N bytes fit, then nothing for N s, and the server sleeps\n"
          "  connection 1 to 127.0.0.1:N\n");
  expect_failure("the server spins",
                 "  tests/support/own/servers.cpp:N: the server comes to rest\n"
                 "  expected: every thread waits for something to do\n"
                 "  actual:   it worked without a pause for N s\n"
                 "  connection 1 to 127.0.0.1:N\n");
  expect_failure("nobody listens",
                 "  tests/support/own/servers.cpp:N: a client connects\n"
                 "  expected: somebody listens at 127.0.0.1:N\n"
                 "  actual:   connect: Connection refused\n"
                 "  connection 1 to 127.0.0.1:N\n"
                 "    N ms  connect: Connection refused\n");
}

TEST_CASE("a server that does not start says why") {
  const std::string start =
      "  tests/support/own/servers.cpp:N: the server starts\n"
      "  expected: a first line \"listening on http://127.0.0.1:PORT/\"\n";
  expect_failure("the server prints nothing",
                 start + "  actual:   no line for N s, and the server sleeps (is the line flushed?)\n");
  expect_failure("the server says something else", start + "  actual:   \"Hello\" (5 bytes)\n");
  expect_failure("the server dies at start", start +
                                                 "  actual:   no line; it exited with status 1\n"
                                                 "  server's stderr:\n"
                                                 "    site: No such file or directory\n");
  expect_failure("there is no server", start +
                                           "  actual:   no line; it exited with status 127\n"
                                           "  server's stderr:\n"
                                           "    /no/such/program: No such file or directory\n");
  expect_failure("there is no folder", start +
                                           "  actual:   no line; it exited with status 127\n"
                                           "  server's stderr:\n"
                                           "    /no/such/folder: No such file or directory\n");
  expect_failure("the port is taken", start +
                                          "  actual:   no line; it exited with status 1\n"
                                          "  server's stderr:\n"
                                          "    bind: Address already in use\n");
}

TEST_CASE("a server that starts where it should not says so") {
  expect_failure("the server serves what it should refuse",
                 "  tests/support/own/servers.cpp:N: the server refuses to start \"0\" (1 byte) \"good\" (4 bytes)\n"
                 "  expected: it says why, and ends\n"
                 "  actual:   it goes on\n");
}

TEST_CASE("a server that ends during the test fails it, and says how it ended") {
  expect_failure("the server throws",
                 "  tests/support/own/servers.cpp:N: the page comes back\n"
                 "  expected: \"HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\nhello\" (43 bytes)\n"
                 "  actual:   nothing\n"
                 "  the server was killed by SIGABRT: nobody caught an exception\n"
                 "  connection 1 to 127.0.0.1:N\n"
                 "    N ms  sent      \"GET / HTTP/1.1\\r\\n\\r\\n\" (18 bytes)\n"
                 "    N ms  closed by the server\n"
                 "  server's stderr:\n"
                 "    terminate called after throwing an instance of 'std::runtime_error'\n"
                 "      what():  the request was too much\n");
  expect_failure("the server exits",
                 "  tests/support/own/servers.cpp:N: the server runs until the test ends\n"
                 "  actual:   it exited with status 3\n"
                 "  connection 1 to 127.0.0.1:N\n"
                 "    N ms  sent      \"GET / HTTP/1.1\\r\\n\\r\\n\" (18 bytes)\n"
                 "    N ms  closed by the server\n");
  expect_failure("the server exits before it reports",
                 "  tests/support/own/servers.cpp:N: the reports\n"
                 "  expected: 1 client\n"
                 "  actual:   , for N s, and the server has ended\n"
                 "  the server exited with status 3\n"
                 "  connection 1 to 127.0.0.1:N\n"
                 "    N ms  sent      \"GET / HTTP/1.1\\r\\n\\r\\n\" (18 bytes)\n");
  expect_failure("the server is killed by SIGPIPE",
                 "  tests/support/own/servers.cpp:N: the server runs until the test ends\n"
                 "  actual:   it was killed by SIGPIPE: it wrote to a client that had gone\n"
                 "  connection 1 to 127.0.0.1:N\n"
                 "    N ms  sent      \"GET / HTTP/1.1\\r\\n\\r\\n\" (18 bytes)\n"
                 "    N ms  reset by the client\n");
  expect_failure("the server throws when the client has given up",
                 "  tests/support/own/servers.cpp:N: the client is answered\n"
                 "  expected: an answer, then the end of the connection\n"
                 "  actual:   nothing for N s, and the server sleeps\n"
                 "  later, the server was killed by SIGABRT: nobody caught an exception\n"
                 "  connection 1 to 127.0.0.1:N\n"
                 "    N ms  sent      \"GET / HTTP/1.1\\r\\n\" (16 bytes)\n"
                 "    N ms  waited for N s, and the server sleeps\n"
                 "  server's stderr:\n"
                 "    terminate called after throwing an instance of 'std::runtime_error'\n"
                 "      what():  the request was too much\n");
  expect_failure("the server does not end when asked",
                 "  tests/support/own/servers.cpp:N: the server stops when it is asked to (SIGTERM)\n"
                 "  expected: it ends\n"
                 "  actual:   it went on\n");
  expect_failure("the server does not end by itself",
                 "  tests/support/own/servers.cpp:N: the server ends by itself\n"
                 "  expected: it ends\n"
                 "  actual:   it went on for N s, and the server sleeps\n");
  expect_failure("the server does not end after a signal",
                 "  tests/support/own/servers.cpp:N: the server ends after the signal\n"
                 "  expected: it ends\n"
                 "  actual:   it went on for N s, and the server sleeps\n");
}

TEST_CASE("what a sanitizer finds in the server fails the test, also after the last answer") {
  const std::string wire =
      "  connection 1 to 127.0.0.1:N\n"
      "    N ms  sent      \"GET / HTTP/1.1\\r\\n\\r\\n\" (18 bytes)\n"
      "    N ms  received  \"HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r… (N bytes)\n"
      "    N ms  closed by the server\n";
  expect_failure("the server segfaults",
                 "  tests/support/own/servers.cpp:N: the page comes back\n"
                 "  expected: \"HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\nhello\" (43 bytes)\n"
                 "  actual:   nothing\n"
                 "  a sanitizer found a mistake in the server: Sanitizer: SEGV\n"
                 "  connection 1 to 127.0.0.1:N\n"
                 "    N ms  sent      \"GET / HTTP/1.1\\r\\n\\r\\n\" (18 bytes)\n"
                 "    N ms  closed by the server\n");
  expect_failure("the server uses freed memory after its answer",
                 "  tests/support/own/servers.cpp:N: the server makes no mistake\n"
                 "  actual:   a sanitizer found one: Sanitizer: heap-use-after-free\n" +
                     wire);
  if (!thread_sanitizer) return;
  expect_failure("the server has a data race after its answer",
                 "  tests/support/own/servers.cpp:N: the server makes no mistake\n"
                 "  actual:   a sanitizer found one: Sanitizer: data race\n" +
                     wire);
}

TEST_CASE("the server's whole stderr follows the failure") {
  expect("the output", all_failures().output)
      .contains(
          "  server's stderr:\n"
          "    site: No such file or directory\n"
          "# server's stderr begins\n"
          "site: No such file or directory\n"
          "# server's stderr ends\n");
  expect("the output", all_failures().output).contains("ERROR: ");
  expect("the last of a flood", failure("the server floods stderr and answers wrongly"))
      .ends_with(
          "  server's stderr:\n"
          "    line 99997 of very many\n"
          "    line 99998 of very many\n"
          "    line 99999 of very many\n");
}

TEST_CASE("of many connections the last is shown") {
  expect("what a learner reads", failure("many connections and long words"))
      .contains("\n  connections 1 to 20: not shown\n");
  expect("what a learner reads", failure("many connections and long words"))
      .ends_with("    N ms  closed by the server\n");
}

TEST_CASE("a server does not outlive a test program that is gone") {
  const Run run = run_self("--no-skip --test-suite='abandons a server'");
  expect("the exit status", run.status).is(7);
  const std::size_t at = run.output.find("# pid ");
  REQUIRE(at != run.output.npos);
  const pid_t process = std::atoi(run.output.c_str() + at + 6);
  // A process that has ended has no program file any more, even while nobody has reaped it.
  const std::string program = "/proc/" + std::to_string(process) + "/exe";
  expect("the server is gone", [&program] { return access(program.c_str(), F_OK) == -1; }).becomes(true);
}

TEST_SUITE_END();
