// Tests of what a learner reads when a test fails. failing_cases.cpp fails in every way; this runs it and reads.
#include "report.hpp"
#include "bytes.hpp"
#include "exit_status.hpp"
#include "expect.hpp"
#include "history.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

using support::expect;

namespace {

struct Run {
  std::string output;  // stdout and stderr
  int status = -1;     // of exit
};

// This test program, started with other arguments.
class Started {
 public:
  explicit Started(const std::string& arguments) {
    char path[4096];
    const ssize_t length = readlink("/proc/self/exe", path, sizeof path);
    const std::string program(path, static_cast<std::size_t>(length));
    pipe_ = popen(("'" + program + "' " + arguments + " 2>&1").c_str(), "re");
  }

  // Waits for its end; once.
  Run result() {
    Run run;
    char part[4096];
    for (std::size_t count = 0; (count = std::fread(part, 1, sizeof part, pipe_)) > 0;) run.output.append(part, count);
    const int status = pclose(pipe_);
    if (WIFEXITED(status)) run.status = WEXITSTATUS(status);
    return run;
  }

 private:
  std::FILE* pipe_ = nullptr;
};

Run run_self(const std::string& arguments) {
  return Started{arguments}.result();
}

// What all failing cases print. They mostly wait, so several programs take a share each at the same time.
Run run_all_failures() {
  constexpr int share = 4;
  std::vector<Started> programs;
  for (int first = 1; first <= 50; first += share) {
    programs.emplace_back("--no-skip --test-suite='fails on purpose' --first=" + std::to_string(first) +
                          " --last=" + std::to_string(first + share - 1));
  }
  Run all;
  for (Started& program : programs) {
    const Run run = program.result();
    all.output += run.output;
    all.status = std::max(all.status, run.status);
  }
  return all;
}

const Run& all_failures() {
  static const Run run = run_all_failures();
  return run;
}

bool is_amount(char letter) {
  return std::isdigit(static_cast<unsigned char>(letter)) != 0 || letter == '.';
}

// Writes N for the number between `before` and `after`, which differs from run to run.
void hide_number(std::string& text, std::string_view before, std::string_view after) {
  for (std::size_t at = text.find(before); at != text.npos; at = text.find(before, at + 1)) {
    const std::size_t start = at + before.size();
    std::size_t end = start;
    while (end < text.size() && is_amount(text[end])) ++end;
    if (end > start && text.compare(end, after.size(), after) == 0) text.replace(start, end - start, "N");
  }
}

// What the learner reads about the failing case of this name, below its name; times and ports are written N.
std::string failure(const std::string& name) {
  const std::string& output = all_failures().output;
  const std::size_t start = output.find(" - " + name + "\n");
  if (start == output.npos) return "there is no such case";
  std::string text;
  for (std::size_t at = output.find('\n', start) + 1; output[at] == ' '; at = output.find('\n', at) + 1) {
    std::string line = output.substr(at, output.find('\n', at) + 1 - at);
    if (const std::size_t unit = line.find(" ms  "); unit != line.npos) line.replace(0, unit, "    N");
    text += line;
  }
  hide_number(text, "127.0.0.1:", "");
  hide_number(text, " for ", " s");
  hide_number(text, "only ", " bytes");
  hide_number(text, "… (", " bytes)");
  for (const std::string_view tool : {"AddressSanitizer", "ThreadSanitizer"}) {
    for (std::size_t at; (at = text.find(tool)) != text.npos;) text.replace(at, tool.size(), "Sanitizer");
  }
  return text;
}

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

// In failing_cases.cpp the line numbers may change.
std::string without_line_number(std::string text) {
  hide_number(text, "failing_cases.cpp:", ":");
  return text;
}

void check_failure(const std::string& name, std::string_view expected, support::Place place = support::Place::here()) {
  expect(name, without_line_number(failure(name)), place).is(expected);
}

}  // namespace

TEST_SUITE_BEGIN("reporter");

TEST_CASE("a run that passes is a plan, and a line before and after each test") {
  const Run run = run_self("--test-case='an exit status counts as in a shell,one?s own descriptors*'");
  expect("the output", run.output)
      .is("1..2\n"
          "# running: an exit status counts as in a shell\n"
          "ok 1 - an exit status counts as in a shell\n"
          "# running: one's own descriptors are counted without those of the counting\n"
          "ok 2 - one's own descriptors are counted without those of the counting\n");
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
  check_failure("plain check",
                "  tests/support/failing_cases.cpp:N: CHECK( threads == 4 )\n"
                "  actual:   3 == 4\n");
  check_failure("check with a message",
                "  tests/support/failing_cases.cpp:N: the method is read\n"
                "  given:    a request with a body\n"
                "  expected: method == \"POST\"\n"
                "  actual:   GET\\n == POST\n");
  check_failure("check of an exception",
                "  tests/support/failing_cases.cpp:N: CHECK_THROWS_AS( std::string{\"abc\"}.substr(1) )\n"
                "  expected: an exception of type std::out_of_range\n"
                "  actual:   no exception\n");
  check_failure("check in a subcase",
                "  tests/support/failing_cases.cpp:N: CHECK_FALSE( std::string_view{\"a\"}.empty() == false )\n"
                "  given:    with a full queue\n"
                "  actual:   false == false\n");
  check_failure(
      "check of bytes",
      "  tests/support/failing_cases.cpp:N: CHECK( Bytes{\"a\\r\\n\"} == Bytes{std::string(\"a\\0\\xff\", 3)} )\n"
      "  actual:   \"a\\r\\n\" (3 bytes) == \"a\\0\\xff\" (3 bytes)\n");
  check_failure("an exception",
                "  tests/support/failing_cases.cpp:N: an exception left the test\n"
                "  actual:   bind: Address already in use\n");
}

TEST_CASE("a number that is not as expected") {
  check_failure("a number",
                "  tests/support/failing_cases.cpp:N: the number of threads\n"
                "  expected: at most 4\n"
                "  actual:   5\n");
}

TEST_CASE("a text that is not as expected shows where it differs") {
  check_failure("a text that differs late",
                "  tests/support/failing_cases.cpp:N: the page\n"
                "  expected: …aaaaaaaaaaaaaaaaa\\r\\nhallo\" (307 bytes)\n"
                "  actual:   …aaaaaaaaaaaaaaaaa\\r\\nhello\" (307 bytes)\n"
                "                                   ^ differs from here, byte 304\n");
  check_failure("a text that is cut off",
                "  tests/support/failing_cases.cpp:N: the page\n"
                "  expected: \"HTTP/1.1 200 OK\\r\\n\\r\\nhello\" (24 bytes)\n"
                "  actual:   \"HTTP/1.1 200 OK\\r\\n\\r\\nhe\" (21 bytes)\n"
                "                                      ^ ends here\n");
  check_failure("a text that goes on",
                "  tests/support/failing_cases.cpp:N: the page\n"
                "  expected: \"HTTP/1.1 200 OK\\r\\n\\r\\nhe\" (21 bytes)\n"
                "  actual:   \"HTTP/1.1 200 OK\\r\\n\\r\\nhello\" (24 bytes)\n"
                "                                      ^ more than expected\n");
  check_failure("a start",
                "  tests/support/failing_cases.cpp:N: the answer\n"
                "  expected: \"HTTP/1.1 \" (9 bytes) at the start\n"
                "  actual:   \"HTTP/1.0 200 OK\\r\\n\\r\\n\" (19 bytes)\n"
                "                    ^ differs from here, byte 8\n");
  check_failure("an end",
                "  tests/support/failing_cases.cpp:N: the answer\n"
                "  expected: \"hello\\n\" (6 bytes) at the end\n"
                "  actual:   …" +
                    std::string(55, 'x') + "hello\" (505 bytes)\n");
  check_failure("something in it",
                "  tests/support/failing_cases.cpp:N: the answer\n"
                "  expected: \"\\r\\nAllow: GET, HEAD\\r\\n\" (20 bytes) somewhere in it\n"
                "  actual:   \"HTTP/1.1 405 No\\r\\n\\r\\n\" (19 bytes)\n");
  check_failure("something not in it",
                "  tests/support/failing_cases.cpp:N: the answer\n"
                "  expected: no \"secret\" (6 bytes)\n"
                "  actual:   it is there, from byte 24: …\"P/1.1 200 OK\\r\\n\\r\\nthe secret\\n\" (27 bytes)\n");
  check_failure("the right bytes and a reset",
                "  tests/support/failing_cases.cpp:N: the answer\n"
                "  expected: \"HTTP/1.1 200 OK\\r\\n\" (17 bytes), then closed\n"
                "  actual:   \"HTTP/1.1 200 OK\\r\\n\" (17 bytes), then reset by the server\n");
}

TEST_CASE("a failure shows all that went over the wire") {
  check_failure("the server answers something else",
                "  tests/support/failing_cases.cpp:N: the page comes back\n"
                "  expected: …OK\\r\\nContent-Length: 6\\r\\n\\r\\nhello!\" (44 bytes)\n"
                "  actual:   …OK\\r\\nContent-Length: 5\\r\\n\\r\\nhello\" (43 bytes)\n"
                "                                   ^ differs from here, byte 34\n"
                "  connection 1 to 127.0.0.1:N\n"
                "    N ms  sent      \"GET / HTTP/1.1\\r\\n\\r\\n\" (18 bytes in 18 pieces)\n"
                "    N ms  received  \"HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\nhello\" (43 bytes)\n"
                "    N ms  closed by the server\n");
  check_failure("the server resets",
                "  tests/support/failing_cases.cpp:N: the page comes back\n"
                "  expected: \"HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\nhello\" (43 bytes)\n"
                "  actual:   \"HTTP/1.1 200 OK\\r\\n\" (17 bytes), then reset\n"
                "                                ^ ends here\n"
                "  connection 1 to 127.0.0.1:N\n"
                "    N ms  sent      \"GET / HTTP/1.1\\r\\n\\r\\n\" (18 bytes)\n"
                "    N ms  received  \"HTTP/1.1 200 OK\\r\\n\" (17 bytes)\n"
                "    N ms  reset by the server\n");
}

TEST_CASE("a wait that its guard ends says what was waited for") {
  check_failure("the server never answers",
                "  tests/support/failing_cases.cpp:N: the client is answered\n"
                "  expected: an answer, then the end of the connection\n"
                "  actual:   nothing for N s, and the server sleeps\n"
                "  connection 1 to 127.0.0.1:N\n"
                "    N ms  sent      \"GET / HTTP/1.1\\r\\n\\r\\n\" (18 bytes)\n"
                "    N ms  waited for N s, and the server sleeps\n");
  check_failure("the server stops midway",
                "  tests/support/failing_cases.cpp:N: the client is answered\n"
                "  expected: an answer, then the end of the connection\n"
                "  actual:   \"HTTP/1.1 \" (9 bytes), then nothing for N s, and the server sleeps\n"
                "  connection 1 to 127.0.0.1:N\n"
                "    N ms  sent      \"GET / HTTP/1.1\\r\\n\\r\\n\" (18 bytes)\n"
                "    N ms  received  \"HTTP/1.1 \" (9 bytes)\n"
                "    N ms  waited for N s, and the server sleeps\n");
  check_failure("the server never reads",
                "  tests/support/failing_cases.cpp:N: the server reads what is sent\n"
                "  expected: it reads all of it\n"
                "  actual:   1 byte not read for N s, and the server sleeps\n"
                "  connection 1 to 127.0.0.1:N\n"
                "    N ms  sent      \"G\" (1 byte)\n"
                "    N ms  waited for N s, and the server sleeps\n");
  check_failure("the server never reads what is much",
                "  tests/support/failing_cases.cpp:N: the server reads what is sent\n"
                "  expected: it reads all 30000000 bytes\n"
                "  actual:   only N bytes could be sent, and then nothing for N s, and the server sleeps\n"
                "  connection 1 to 127.0.0.1:N\n"
                "    N ms  sent      \"" +
                    std::string(52, 'x') +
                    "… (N bytes)\n"
                    "    N ms  waited for N s, and the server sleeps\n");
  check_failure("the server spins",
                "  tests/support/failing_cases.cpp:N: the server comes to rest\n"
                "  expected: every thread waits for something to do\n"
                "  actual:   it worked without a pause for N s\n"
                "  connection 1 to 127.0.0.1:N\n");
  check_failure("nobody listens",
                "  tests/support/failing_cases.cpp:N: a client connects\n"
                "  expected: somebody listens at 127.0.0.1:N\n"
                "  actual:   connect: Connection refused\n"
                "  connection 1 to 127.0.0.1:N\n"
                "    N ms  connect: Connection refused\n");
}

TEST_CASE("a server that does not start says why") {
  const std::string start =
      "  tests/support/failing_cases.cpp:N: the server starts\n"
      "  expected: a first line \"listening on http://127.0.0.1:PORT/\"\n";
  check_failure("the server prints nothing",
                start + "  actual:   no line for N s, and the server sleeps (is the line flushed?)\n");
  check_failure("the server says something else", start + "  actual:   \"Hello\" (5 bytes)\n");
  check_failure("the server dies at start", start +
                                                "  actual:   no line; it exited with status 1\n"
                                                "  server's stderr:\n"
                                                "    site: No such file or directory\n");
  check_failure("there is no server", start +
                                          "  actual:   no line; it exited with status 127\n"
                                          "  server's stderr:\n"
                                          "    /no/such/program: No such file or directory\n");
  check_failure("there is no folder", start +
                                          "  actual:   no line; it exited with status 127\n"
                                          "  server's stderr:\n"
                                          "    /no/such/folder: No such file or directory\n");
  check_failure("the port is taken", start +
                                         "  actual:   no line; it exited with status 1\n"
                                         "  server's stderr:\n"
                                         "    bind: Address already in use\n");
}

TEST_CASE("a server that ends during the test fails it, and says how it ended") {
  check_failure("the server throws",
                "  tests/support/failing_cases.cpp:N: the page comes back\n"
                "  expected: \"HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\nhello\" (43 bytes)\n"
                "  actual:   nothing\n"
                "  the server was killed by SIGABRT (signal 6): nobody caught an exception\n"
                "  connection 1 to 127.0.0.1:N\n"
                "    N ms  sent      \"GET / HTTP/1.1\\r\\n\\r\\n\" (18 bytes)\n"
                "    N ms  closed by the server\n"
                "  server's stderr:\n"
                "    terminate called after throwing an instance of 'std::runtime_error'\n"
                "      what():  the request was too much\n");
  check_failure("the server exits",
                "  tests/support/failing_cases.cpp:N: the server runs until the test ends\n"
                "  actual:   it exited with status 3\n"
                "  connection 1 to 127.0.0.1:N\n"
                "    N ms  sent      \"GET / HTTP/1.1\\r\\n\\r\\n\" (18 bytes)\n"
                "    N ms  closed by the server\n");
  check_failure("the server is killed by SIGPIPE",
                "  tests/support/failing_cases.cpp:N: the server runs until the test ends\n"
                "  actual:   it was killed by SIGPIPE (signal 13): it wrote to a connection whose reader has gone\n"
                "  connection 1 to 127.0.0.1:N\n"
                "    N ms  sent      \"GET / HTTP/1.1\\r\\n\\r\\n\" (18 bytes)\n"
                "    N ms  reset by the client\n");
  check_failure("the server throws when the client has given up",
                "  tests/support/failing_cases.cpp:N: the client is answered\n"
                "  expected: an answer, then the end of the connection\n"
                "  actual:   nothing for N s, and the server sleeps\n"
                "  later, the server was killed by SIGABRT (signal 6): nobody caught an exception\n"
                "  connection 1 to 127.0.0.1:N\n"
                "    N ms  sent      \"GET / HTTP/1.1\\r\\n\" (16 bytes)\n"
                "    N ms  waited for N s, and the server sleeps\n"
                "  server's stderr:\n"
                "    terminate called after throwing an instance of 'std::runtime_error'\n"
                "      what():  the request was too much\n");
  check_failure("the server does not end when asked",
                "  tests/support/failing_cases.cpp:N: the server stops when it is asked to (SIGTERM)\n"
                "  expected: it ends\n"
                "  actual:   it went on\n");
  check_failure("the server does not end by itself",
                "  tests/support/failing_cases.cpp:N: the server ends by itself\n"
                "  expected: it ends\n"
                "  actual:   it went on for N s, and the server sleeps\n");
}

TEST_CASE("what a sanitizer finds in the server fails the test, also after the last answer") {
  const std::string wire =
      "  connection 1 to 127.0.0.1:N\n"
      "    N ms  sent      \"GET / HTTP/1.1\\r\\n\\r\\n\" (18 bytes)\n"
      "    N ms  received  \"HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\nhello\" (43 bytes)\n"
      "    N ms  closed by the server\n";
  check_failure("the server segfaults",
                "  tests/support/failing_cases.cpp:N: the page comes back\n"
                "  expected: \"HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\nhello\" (43 bytes)\n"
                "  actual:   nothing\n"
                "  a sanitizer found a mistake in the server: Sanitizer: SEGV\n"
                "  connection 1 to 127.0.0.1:N\n"
                "    N ms  sent      \"GET / HTTP/1.1\\r\\n\\r\\n\" (18 bytes)\n"
                "    N ms  closed by the server\n");
  check_failure("the server uses freed memory after its answer",
                "  tests/support/failing_cases.cpp:N: the server makes no mistake\n"
                "  actual:   a sanitizer found one: Sanitizer: heap-use-after-free\n" +
                    wire);
#if defined(__SANITIZE_THREAD__)
  check_failure("the server has a data race after its answer",
                "  tests/support/failing_cases.cpp:N: the server makes no mistake\n"
                "  actual:   a sanitizer found one: Sanitizer: data race\n" +
                    wire);
#endif
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

TEST_SUITE_BEGIN("words");

TEST_CASE("bytes are escaped and counted, and cut between two of them") {
  expect("escaped", support::escaped(std::string_view{"\r\n\t\"\\\0\x01\x7f\xc3 a", 11}))
      .is(R"(\r\n\t\"\\\0\x01\x7f\xc3 a)");
  expect("one", support::shown("a")).is("\"a\" (1 byte)");
  expect("none", support::shown("")).is("nothing");
  expect("cut", support::shown("ab\r\n", 3)).is("\"ab… (4 bytes)");
  expect("cut at the start", support::shown_end("\r\nab", 3)).is("…ab\" (4 bytes)");
}

TEST_CASE("an end of a process is said in words") {
  const auto words = [](int signal, std::string_view text = "") {
    return in_words(support::ExitStatus{.signal = signal}, text);
  };
  expect("a code", in_words(support::ExitStatus{.code = 2})).is("exited with status 2");
  expect("SIGSEGV", words(SIGSEGV)).is("was killed by SIGSEGV (signal 11): it used memory that is not its own");
  expect("SIGUSR1", words(SIGUSR1)).is("was killed by SIGUSR1 (signal 10)");
  expect("a thread", words(SIGABRT, "terminate called without an active exception\n"))
      .is("was killed by SIGABRT (signal 6): a std::thread was destroyed without a join");
}

TEST_CASE("a path begins where the repository does") {
  using support::report::path_in_repository;
  expect("relative", path_in_repository("../../work/tests/03_rebind.cpp")).is("tests/03_rebind.cpp");
  expect("absolute", path_in_repository("/home/tests/course/steps/03_rebind/main.cpp")).is("steps/03_rebind/main.cpp");
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
      .is("ThreadSanitizer: data race\nsteps/19_x/queue.hpp:8:5 in push(int)\n");
  expect("UndefinedBehaviorSanitizer", joined("../steps/06_x/respond.cpp:9:3: runtime error: signed integer overflow\n"
                                              "    #0 0x55 in respond ../steps/06_x/respond.cpp:9\n"))
      .is("steps/06_x/respond.cpp:9:3: runtime error: signed integer overflow\n"
          "steps/06_x/respond.cpp:9 in respond\n");
  expect("no report", joined("one\n\ntwo\nthree\n====\nfour\n")).is("two\nthree\nfour\n");
}

TEST_SUITE_END();
