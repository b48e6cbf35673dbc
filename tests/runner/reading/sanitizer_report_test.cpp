#include <doctest/doctest.h>

#include "fixtures.hpp"
#include "reading/sanitizer_report.hpp"
#include "reading/sanitizer_words.hpp"
#include "text/text.hpp"

using namespace runner;

namespace {

SanitizerReport report_of(const std::string& name) {
  const auto report = find_sanitizer_report(fixture(name));
  REQUIRE(report);
  return *report;
}

// The lines of a report below the one that names its kind.
std::vector<std::string> shown(const SanitizerReport& report) {
  auto lines = to_strings(lines_of(report));
  lines.erase(lines.begin());
  return lines;
}

struct Expected {
  std::string name;
  Sanitizer tool;
  std::string kind;
  int line;
};

const std::vector<Expected> expected = {
    {"double_free", Sanitizer::address, "double-free", 6},
    {"heap_overflow", Sanitizer::address, "heap-buffer-overflow", 5},
    {"inversion", Sanitizer::thread, "lock-order-inversion", 10},
    {"leak", Sanitizer::leak, "memory leak", 4},
    {"mismatch", Sanitizer::address, "alloc-dealloc-mismatch", 4},
    {"no_return", Sanitizer::undefined, "missing return", 2},
    {"null", Sanitizer::address, "SEGV", 6},
    {"overflow", Sanitizer::undefined, "signed integer overflow", 4},
    {"race_global", Sanitizer::thread, "data race", 6},
    {"race_heap", Sanitizer::thread, "data race", 8},
    {"race_queue", Sanitizer::thread, "data race", 10},
    {"stack_buffer", Sanitizer::address, "stack-buffer-overflow", 6},
    {"thread_leak", Sanitizer::thread, "thread leak", 7},
    {"tsan_after_free", Sanitizer::thread, "heap-use-after-free", 8},
    {"tsan_segv", Sanitizer::thread, "SEGV", 6},
    {"ub_null", Sanitizer::undefined, "null pointer", 6},
    {"ub_stack", Sanitizer::undefined, "null pointer", 6},
    {"unlock", Sanitizer::thread, "unlock of an unlocked mutex", 6},
    {"use_after_free", Sanitizer::address, "heap-use-after-free", 6},
    {"use_after_free_thread", Sanitizer::address, "heap-use-after-free", 9},
    {"use_after_return", Sanitizer::address, "stack-use-after-return", 8},
};

}  // namespace

TEST_CASE("each kind of report is recognised, explained, and placed in the learner's code") {
  for (const std::string compiler : {"gcc12", "clang14"}) {
    for (const auto& each : expected) {
      const auto& name = each.name;
      CAPTURE(compiler);
      CAPTURE(name);
      const auto report = report_of(compiler + "/san_" + name);
      CHECK(report.tool == each.tool);
      CHECK(report.kind == each.kind);
      CHECK(report.place.file == "steps/10_dangling/main.cpp");
      CHECK(report.place.line == each.line);
      CHECK(report.message.find("0x") == std::string::npos);
      CHECK_FALSE(report.text.empty());
    }
  }
}

TEST_CASE("a report is cut to the learner's lines, the same for both compilers but for lambdas") {
  const std::vector<std::string> lines = {
      "read of 4 bytes by the main thread",
      "  read_request (steps/10_dangling/main.cpp:6)",
      "  handle_connection (steps/10_dangling/main.cpp:10)",
      "  main (steps/10_dangling/main.cpp:15)",
      "freed by the main thread",
      "  handle_connection (steps/10_dangling/main.cpp:9)",
      "  main (steps/10_dangling/main.cpp:15)",
      "allocated by the main thread",
      "  main (steps/10_dangling/main.cpp:14)",
  };
  CHECK(shown(report_of("gcc12/san_use_after_free")) == lines);
  CHECK(shown(report_of("clang14/san_use_after_free")) == lines);
}

TEST_CASE("a race is the two places in the order of the file, and which of them holds a lock") {
  for (const std::string compiler : {"gcc12", "clang14"}) {
    CAPTURE(compiler);
    CHECK(shown(report_of(compiler + "/san_race_queue")) ==
          std::vector<std::string>{"write by the main thread, in Queue::push (steps/10_dangling/main.cpp:10)",
                                   "read by a thread, in Queue::empty (steps/10_dangling/main.cpp:12)",
                                   "a lock is held at main.cpp:10, and none at main.cpp:12"});
    CHECK(shown(report_of(compiler + "/san_race_heap")) ==
          std::vector<std::string>{"write by a thread, in a lambda in main (steps/10_dangling/main.cpp:7)",
                                   "write by the main thread, in main (steps/10_dangling/main.cpp:8)",
                                   "no lock is held at either place"});
    CHECK(shown(report_of(compiler + "/san_race_global")) ==
          std::vector<std::string>{
              "shared: served", "read and written by two threads, in handle_connection (steps/10_dangling/main.cpp:6)",
              "no lock is held at either place"});
  }
}

TEST_CASE("a thread is told by where it was started, as its number differs from run to run") {
  for (const std::string compiler : {"gcc12", "clang14"}) {
    CHECK(shown(report_of(compiler + "/san_use_after_free_thread")) ==
          std::vector<std::string>{"read of 8 bytes by the main thread", "  main (steps/10_dangling/main.cpp:9)",
                                   "freed by a thread started at main.cpp:7",
                                   "  a lambda in main (steps/10_dangling/main.cpp:7)", "allocated by the main thread",
                                   "  main (steps/10_dangling/main.cpp:6)"});
  }
}

TEST_CASE("a variable is named when the report names it") {
  CHECK(report_of("gcc12/san_race_global").variable == "served");
  CHECK(report_of("clang14/san_use_after_return").variable == "client");
  CHECK(report_of("gcc12/san_use_after_scope").variable == "client");
  CHECK(report_of("gcc12/san_unlock").variable.empty());
}

TEST_CASE("endless recursion is one line, not hundreds") {
  CHECK(shown(report_of("gcc12/san_stack_overflow")) ==
        std::vector<std::string>{"stack-overflow", "  count (steps/10_dangling/main.cpp:2)"});
}

TEST_CASE("without symbols the kind is still told") {
  const auto report = report_of("gcc12/san_no_symbols");
  CHECK(report.kind == "heap-use-after-free");
  CHECK(report.place.line == 0);
  CHECK(shown(report) == std::vector<std::string>{"read of 8 bytes by the main thread", "freed by another thread",
                                                  "allocated by the main thread"});
}

TEST_CASE("a function whose end has no line in the stack is placed by the report's first line") {
  const auto report = report_of("gcc12/san_no_return_assignment");
  CHECK(report.kind == "missing return");
  CHECK(report.message == "execution reached the end of a value-returning function without returning a value");
  CHECK(report.place.line == 19);
  CHECK(shown(report) == std::vector<std::string>{"missing return",
                                                  "  Socket::operator= (steps/02_socket_owner/socket.hpp:19)",
                                                  "  the test (tests/02_socket_owner.cpp:79)"});
}

TEST_CASE("a report within a failed test's text is found, and ends with its block") {
  std::string text = "1..1\nnot ok 1 - x\n  tests/01.cpp:3: x\n  server's stderr:\n";
  const std::string whole = fixture("gcc12/san_use_after_free");
  for (const auto line : split_lines(whole)) text += "    " + std::string(line) + "\n";
  text += "# running: another\n";
  const auto report = find_sanitizer_report(text);
  REQUIRE(report);
  CHECK(shown(*report) == shown(report_of("gcc12/san_use_after_free")));
  const auto overflow = find_sanitizer_report("noise\n  " + fixture("gcc12/san_overflow") + "ok 1 - x\n");
  REQUIRE(overflow);
  CHECK(overflow->text.find("ok 1") == std::string::npos);
  CHECK(overflow->place.column == 46);
}

TEST_CASE("a machine that cannot run a sanitizer is told apart") {
  const auto memory = find_sanitizer_report("FATAL: ThreadSanitizer: unexpected memory mapping 0x62d1-0x62e5\n");
  REQUIRE(memory);
  CHECK(memory->kind == "unexpected memory mapping");
  const auto leak = find_sanitizer_report("==1==LeakSanitizer has encountered a fatal error.\n==1==HINT: …\n");
  REQUIRE(leak);
  CHECK(leak->kind == "cannot run here");
}

TEST_CASE("other output is no report") {
  CHECK_FALSE(find_sanitizer_report(""));
  CHECK_FALSE(find_sanitizer_report("AddressSanitizer is fun\nsays: runtime error: no\n"));
  CHECK_FALSE(find_sanitizer_report(fixture("gcc12/san_terminate")));
}
