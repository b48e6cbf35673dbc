#include <doctest/doctest.h>

#include "fixtures.hpp"
#include "reading/tap.hpp"
#include "text/text.hpp"

using namespace runner;

TEST_CASE("all tests pass") {
  const auto report = read_test_report("1..2\n# running: a\nok 1 - a\n# running: b # c\nok 2 - b \\# c\n");
  CHECK(report.planned == 2);
  CHECK(report.passed == 2);
  CHECK(report.all_passed());
  CHECK(report.first_failure() == nullptr);
  CHECK(report.running.empty());
  CHECK(report.results[1].name == "b # c");
}

TEST_CASE("the first failure is kept whole, with its place and what the server wrote") {
  const auto report = read_test_report(fixture("tap/03_rebind"));
  CHECK(report.planned == 5);
  CHECK(report.failed == 2);
  REQUIRE(report.first_failure() != nullptr);
  const auto& first = *report.first_failure();
  CHECK(first.name == "a restarted server gets its port again");
  CHECK(first.lines[0].place.file == "tests/03_rebind.cpp");
  CHECK(first.lines[0].text == "the server starts");
  CHECK(to_string(first.lines[2]) == "  actual:   no line; it exited with status 1");
  CHECK(to_string(first.lines.back()) == "    bind: Address already in use");
  std::vector<Field> fields;
  for (const auto& line : first.lines) fields.push_back(line.field);
  CHECK(fields == std::vector<Field>{Field::compared, Field::expected, Field::actual, Field::remark, Field::history,
                                     Field::history, Field::history, Field::remark, Field::server});
  CHECK(first.server_stderr == std::vector<std::string>{"bind: Address already in use"});
}

TEST_CASE("the test that was running when the program ended is named") {
  const auto report = read_test_report(fixture("tap/03_rebind"));
  CHECK(report.running == "a call that fails is thrown as an error with its name and the reason");
  CHECK_FALSE(report.all_passed());
  CHECK(report.other == std::vector<std::string>{"open: No such file or directory"});
}

TEST_CASE("fewer tests than planned is not a pass, nor are none at all") {
  CHECK_FALSE(read_test_report("1..2\nok 1 - a\n").all_passed());
  CHECK_FALSE(read_test_report("ok 1 - a\n").all_passed());
  CHECK_FALSE(read_test_report("1..0\n").all_passed());
  CHECK_FALSE(read_test_report("").all_passed());
  CHECK(read_test_report("1..2\nok 1 - a\nok 2 - b # SKIP no IPv6 here\n").all_passed());
}

TEST_CASE("what a server wrote is never taken for a result") {
  const auto report = read_test_report(
      "1..1\n# running: a\nnot ok 1 - a\n  tests/01.cpp:3: x\n# server's stderr begins\nok 1 - a\n1..7\n\n"
      "# running: z\n# server's stderr ends\n");
  CHECK(report.planned == 1);
  CHECK(report.passed == 0);
  CHECK(report.results[0].server_stderr.size() == 4);
  CHECK(report.running.empty());
}

TEST_CASE("a report that breaks off within a failure still tells what it says") {
  const std::string text = "1..3\n# running: a\nnot ok 1 - a\n  tests/01.cpp:3: no answer\n  expec";
  const auto report = read_test_report(text);
  REQUIRE(report.first_failure() != nullptr);
  CHECK(to_strings(report.first_failure()->lines) ==
        std::vector<std::string>{"  tests/01.cpp:3: no answer", "  expec"});
  CHECK(report.first_failure()->lines[0].place.line == 3);
}

TEST_CASE("what a test has found wrong is not taken for output of its own") {
  const std::string text = "1..2\n# running: a\n# failed: tests/01.cpp:3: no answer\n";
  CHECK(read_test_report(text).running == "a");
  CHECK(read_test_report(text).other.empty());
}

TEST_CASE("other output is kept apart, with bounds") {
  const auto report = read_test_report("okay then\nnotok\nred\nok1\n1..x\n" + std::string(1'000'000, 'x') + "\n");
  CHECK(report.results.empty());
  CHECK(report.other.size() == 6);
  CHECK(report.other[2] == "red");
  CHECK(report.other[5].size() < 10'000);
  std::string many;
  for (int i = 0; i < 100'000; ++i) many += "noise\n";
  CHECK(read_test_report(many).other.size() <= 2000);
}
