// `learn verify` as a whole, with the learner's program, against a tiny course and spoiled copies of it. The copies
// share one folder and what was built in it, so that only what a test spoils is built again.
#include <doctest/doctest.h>

#include "tiny_course.hpp"

using namespace runner;

namespace {

TinyCourse& tiny_course() {
  static TinyCourse course;
  course.restore();
  return course;
}

// The output must have all of these, in this order.
void check_output(const Finished& finished, int code, const std::vector<std::string>& parts) {
  std::size_t at = 0;
  for (const auto& part : parts) {
    const auto found = finished.output.find(part, at);
    CHECK_MESSAGE(found != std::string::npos, "\"", part, "\" in:\n", finished.output);
    if (found != std::string::npos) at = found + part.size();
  }
  CHECK_MESSAGE(finished.code == code, finished.output);
}

}  // namespace

TEST_CASE("a course that is as it should be passes, and each run of a solution is counted") {
  const auto finished = tiny_course().verify({"--repeat", "3"});
  // Plain once, and three times with the sanitizers. Which stage ends first is chance.
  for (const std::string stage : {"01_answer", "02_double"}) {
    check_output(finished, 0, {stage + "                passed  4 runs of the solution, 4 mistakes rejected\n"});
  }
  check_output(finished, 0, {"pages                    passed\n", "3 passed, 0 failed\n"});
  CHECK(finished.output.ends_with("3 passed, 0 failed\n"));
}

TEST_CASE("a learner's edits make no difference, committed or not") {
  auto& course = tiny_course();
  course.write("steps/01_answer/answer.cpp", "this is no C++\n");
  course.commit("my first try");
  course.write("steps/01_answer/my_notes.txt", "6 by 9\n");
  course.replace("steps/01_answer/answer.cpp", "no C++", "nothing");
  check_output(course.verify(), 0,
               {"steps/01_answer: edited here, left alone; checked as shipped in ", "3 passed, 0 failed\n"});
  CHECK(course.read("steps/01_answer/answer.cpp") == "this is nothing\n");
}

TEST_CASE("a step that passes, and a solution with a warning, are reported") {
  auto& course = tiny_course();
  course.replace("steps/01_answer/answer.cpp", "41", "42");
  course.ship("01_answer");
  course.replace("solutions/02_double/double.cpp", "{ return 2", "{ int unused; return 2");
  const auto finished = course.verify();
  check_output(finished, 1, {"01_answer                FAILED\n", "the step passes as it is shipped"});
  check_output(finished, 1,
               {"02_double                FAILED\n", "the solution, without sanitizers, does not compile",
                "solutions/02_double/double.cpp:7:", "unused", "1 passed, 2 failed\n"});
}

TEST_CASE("a step that fails for another reason than its lesson shows is reported with both") {
  auto& course = tiny_course();
  course.replace("steps/01_answer/answer.cpp", "41", "40");
  course.ship("01_answer");
  course.replace("steps/02_double/double.cpp", "return twice(answer())", "return 2 * answer() + 1");
  course.ship("02_double");
  const auto finished = course.verify();
  check_output(finished, 1, {"01_answer                FAILED\n", "docs/01_answer.md:21: ", "41 == 42", "40 == 42"});
  check_output(finished, 1,
               {"02_double                FAILED\n", "the lesson says \"As shipped: build\", but the step compiles",
                "test: the answer is doubled", "1 passed, 2 failed\n"});
}

TEST_CASE("a wrong solution that gets past, that others reject, or whose patch is stale is reported") {
  auto& course = tiny_course();
  const std::string patches = "tests/mistakes/01_answer/";
  course.replace(patches + "odd.patch", "return 43", "return 40 + 2");
  course.replace(patches + "past_the_end.patch", "index out of bounds", "heap-use-after-free");
  course.replace(patches + "for_ever.patch", "rejected by: time limit", "rejected by: test \"the answer is even\"");
  course.replace(patches + "asks_back.patch", "-int answer();", "-long answer();");
  course.replace("tests/mistakes/02_double/once.patch", "rejected by: test", "test");
  course.replace("tests/mistakes/02_double/thrice.patch", "return 3 *", "return -3 *");
  course.replace("tests/mistakes/02_double/thrice.patch", "the answer is doubled", "it is positive");
  const auto finished = course.verify();
  check_output(finished, 1, {"mistake asks_back: the patch no longer applies to solutions/01_answer"});
  check_output(finished, 1, {"mistake odd: it gets past: every test passes"});
  check_output(
      finished, 1,
      {"mistake past_the_end: its first line says that it is rejected by: test \"the answer is even\" or sanitizer ",
       "\"heap-use-after-free\"",
       "but it is rejected by: sanitizer \"index out of bounds\" in the test \"the answer is 42\""});
  check_output(finished, 1,
               {"mistake for_ever: its first line says that it is rejected by: test \"the answer is even\"",
                "but it is rejected by: time limit in the test \"the answer is 42\""});
  check_output(finished, 1, {"mistake once: its first line must be"});
  check_output(finished, 1, {"mistake thrice: ", "test \"it is positive\"", "test \"the answer is doubled\""});
  check_output(finished, 1, {"1 passed, 2 failed\n"});
}

TEST_CASE("a step may lack a file that its lesson says to edit, and no other") {
  auto& course = tiny_course();
  const std::string edit = "- Edit: `steps/02_double/double.cpp`";
  course.replace("docs/02_double.md", edit, edit + ", `steps/02_double/double.hpp`");
  course.replace("docs/02_double.md",
                 "steps/02_double/double.cpp:8:24: error: 'twice' was not declared in this scope\n"
                 "    8 | int doubled() { return twice(answer()); }\n"
                 "      |                        ^~~~~\n",
                 "steps/02_double/double.cpp:2:10: fatal error: double.hpp: No such file or directory\n"
                 "    2 | #include \"double.hpp\"\n"
                 "      |          ^~~~~~~~~~~~\n"
                 "There is no steps/02_double/double.hpp yet: it is yours to make.\n");
  course.replace("docs/02_double.md",
                 "steps/02_double/double.cpp:8:24: error: use of undeclared identifier 'twice'\n"
                 "int doubled() { return twice(answer()); }\n"
                 "                       ^\n",
                 "steps/02_double/double.cpp:2:10: fatal error: 'double.hpp' file not found\n"
                 "#include \"double.hpp\"\n"
                 "         ^~~~~~~~~~~~\n"
                 "There is no steps/02_double/double.hpp yet: it is yours to make.\n");
  std::filesystem::remove(course.path() / "steps/02_double/double.hpp");
  course.commit("learners make double.hpp");
  check_output(course.verify({"--stage", "2"}), 0, {"1 passed, 0 failed\n"});
  course.write("steps/02_double/double.hpp", "#pragma once\n\nint doubled();\n");
  check_output(course.verify({"--stage", "2"}), 0,
               {"steps/02_double: edited here, left alone", "1 passed, 0 failed\n"});

  std::filesystem::remove(course.path() / "steps/02_double/double.hpp");
  course.replace("docs/02_double.md", ", `steps/02_double/double.hpp`", "");
  course.commit("but the lesson does not say so");
  check_output(course.verify({"--stage", "2"}), 1,
               {"steps/02_double/double.hpp is missing; if learners are to make it", "0 passed, 1 failed\n"});
}

TEST_CASE("an object that was compiled with another header than the stage's is reported") {
  auto& course = tiny_course();
  course.replace("meson.build", "['double.cpp', 'double.hpp']", "['answer.hpp', 'double.cpp', 'double.hpp']");
  course.replace("build/stages.txt", "|double.cpp", "|answer.hpp double.cpp");
  course.write("solutions/02_double/answer.hpp", "int answer();  // another one\n");
  course.write("steps/02_double/answer.hpp", "// Stage 02, double: docs/02_double.md\nint answer();\n");
  check_output(course.verify({"--stage", "2"}), 1,
               {"solutions_01_answer_answer.cpp.o is compiled with solutions/01_answer/answer.hpp, and this stage has "
                "solutions/02_double/answer.hpp"});
  course.write("build/stages.txt", course.read("stages.txt"));
}

TEST_CASE("a header that is compiled ahead and that the step does not include is reported") {
  auto& course = tiny_course();
  course.write("tests/precompiled/headers/numbers.hpp", "#include <limits>\n#include <numeric>\n");
  course.write("build/stages.txt",
               runner::replaced(course.read("stages.txt"), "01_answer|address", "01_answer|address|numbers"));
  course.replace("steps/02_double/double.cpp", "\n\n", "\n\n#include <limits>\n");
  course.ship("02_double");
  check_output(
      course.verify({"--stage", "2"}), 1,
      {"tests/precompiled/headers/numbers.hpp has <numeric>, which steps/02_double does not include: nobody would "
       "notice when a learner leaves it out"});
  course.write("build/stages.txt", course.read("stages.txt"));
}

TEST_CASE("commands of a lesson that do not work are reported") {
  auto& course = tiny_course();
  course.replace("docs/01_answer.md", "./learn hint 01\n", "./learn hint 17\ncurl http://127.0.0.1:8080/\nrm -rf .\n");
  const auto finished = course.verify({"--stage", "1"});
  check_output(finished, 1,
               {"`./learn hint 17` ends with exit code 2", "`rm -rf .` is no command that verify can run",
                "0 passed, 1 failed\n"});
}

TEST_CASE("--update writes what the steps show into their lessons") {
  auto& course = tiny_course();
  course.replace("docs/01_answer.md", "  actual:   41 == 42\n", "  actual:   17 == 42\n");
  const auto finished = course.verify({"--update", "--stage", "1"});
  CHECK_MESSAGE(finished.code == 0, finished.output);
  // Nothing is written with a compiler whose words are not compared.
  const bool compared = finished.output.find("only the place") == std::string::npos;
  if (compared) CHECK(course.read("docs/01_answer.md").find("  actual:   41 == 42\n") != std::string::npos);
}

TEST_CASE("a verification that is interrupted leaves nothing behind") {
  auto& course = tiny_course();
  Command command;
  command.words = {"timeout",    "--foreground",         "--signal=TERM", "1", std::getenv("VERIFY"),
                   "--compiler", std::getenv("COMPILER")};
  command.environment = {{"SERVERLINGS_ROOT", course.path().string()},
                         {"SERVERLINGS_BUILD", (course.path() / "build").string()}};
  const auto finished = run(command);
  CHECK(finished.code == 124);
  CHECK(finished.left_behind.empty());
  for (const auto& entry : std::filesystem::directory_iterator(course.path() / ".learn")) {
    const auto name = entry.path().filename().string();
    CHECK_MESSAGE((!name.starts_with("verify-") || name == "verify-kept"), name);
  }
}
