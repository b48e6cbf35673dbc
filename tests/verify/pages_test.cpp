// What verify says of files and pages, on spoiled copies of the tiny course; nothing is built here.
#include "verify/pages.hpp"
#include "tiny_course.hpp"
#include "verify/screens.hpp"
#include "verify/transcript.hpp"
#include "verify/tree.hpp"

using namespace runner;

namespace {

struct Texts : TinyCourse {
  Course course() const { return {path(), path() / "build"}; }

  // Everything that is wrong with the first stage, with the pages and with the files of the course.
  std::string problems() const {
    const auto all = course();
    const auto& stage = all.find("1");
    std::string problem;
    const auto lesson = lesson_of(all, stage, &problem);
    auto found = lesson_problems(all, stage, lesson ? &*lesson : nullptr, problem);
    for (auto& each : stage_file_problems(all, stage, shipped_files(all, stage), lesson ? &*lesson : nullptr))
      found.push_back(each);
    for (auto& each : page_problems(all)) found.push_back(each);
    for (auto& each : stray_files(all)) found.push_back(each);
    return join(found, "\n");
  }
  void replace_in_lesson(std::string_view what, std::string_view by) const { replace("docs/01_answer.md", what, by); }
};

}  // namespace

TEST_CASE("nothing is wrong with the course as it is") {
  CHECK(Texts().problems() == "");
}

TEST_CASE("a stale excerpt is reported") {
  const Texts texts;
  texts.replace("solutions/01_answer/answer.cpp", "return 42", "return  42");
  CHECK(texts.problems() ==
        "docs/01_answer.md:15: this does not stand in solutions/01_answer/answer.cpp, letter for letter");
}

TEST_CASE("code that names no file is reported") {
  const Texts texts;
  texts.replace_in_lesson("```cpp solutions/01_answer/answer.cpp", "```cpp");
  CHECK(texts.problems() == "docs/01_answer.md:15: name the file that this code stands in: ```cpp solutions/…");
}

TEST_CASE("a missing hint is reported") {
  const Texts texts;
  texts.replace_in_lesson("<details><summary>Hint 3: nearly the code</summary>\n\n`42`\n\n</details>\n", "");
  CHECK(texts.problems().find("2 hints: at least 3 are wanted") != std::string::npos);
}

TEST_CASE("a missing section is reported") {
  const Texts texts;
  texts.replace_in_lesson("## In the wild", "## In the zoo");
  CHECK(texts.problems().find("add the section \"## In the wild\"") != std::string::npos);
}

TEST_CASE("dead links are reported, to files and to headings") {
  const Texts texts;
  texts.replace_in_lesson("02_double.md#compare", "02_triple.md");
  texts.replace(
      "README.md", "# A tiny course",
      "# A tiny course\n\n[lesson](docs/02_double.md#no-such-heading) [out](../x) [site](https://example.org/)");
  const auto problems = texts.problems();
  CHECK(problems.find("docs/01_answer.md:29: the link to 02_triple.md leads nowhere") != std::string::npos);
  CHECK(problems.find("README.md:3: 02_double.md has no heading for the link to docs/02_double.md#no-such-heading") !=
        std::string::npos);
  CHECK(problems.find("README.md:3: the link to ../x leads nowhere") != std::string::npos);
  CHECK(problems.find("example.org") == std::string::npos);
}

TEST_CASE("headings are named as GitHub names them") {
  CHECK(anchors_of("# 04 · Whole request\n## What's `new`?\n```sh\n# a comment\n```\n## What's new?\n## Größe_x\n") ==
        std::vector<std::string>{"04--whole-request", "whats-new", "whats-new-1", "größe_x"});
}

TEST_CASE("a row of a table that all stages share is reported when no kept screen shows it, and so is a wrong head") {
  const Texts texts;
  texts.write("docs/when_it_fails/signals.md",
              "# Signals\n\n| end | meaning |\n|---|---|\n| rule `SIGPIPE` | A. |\n| rule `SIGINT` | B. |\n");
  texts.write("tests/screens/signals/pipe.txt", "arrow: rule \"SIGINT\"\n\nended by signal 13\n");
  CHECK(shared_row_findings(texts.course(), false).problems ==
        std::vector<std::string>{
            "tests/screens/signals/pipe.txt: its head says arrow: rule \"SIGINT\"\nbut it shows: rule \"SIGPIPE\"",
            "docs/when_it_fails/signals.md:6: no mistake and no kept screen shows this row: rule \"SIGINT\""});
}

TEST_CASE("the map of stages must be what the list of stages is") {
  const Texts texts;
  const std::string first = "| 01 | [Answer](docs/01_answer.md) |\n";
  const std::string second = "| 02 | [Double](docs/02_double.md) |\n";
  texts.replace("README.md", first + second, second + first);
  CHECK(texts.problems() ==
        "README.md:7: here the table of stages must go on with \"| 01 | [Answer](docs/01_answer.md) |\"");
  texts.replace("README.md", second + first, first);
  CHECK(texts.problems().find("must go on with \"| 02 | [Double](docs/02_double.md) |\"") != std::string::npos);
  texts.replace("README.md", first, first + second + "| 03 | [Third](docs/02_double.md) |\n");
  CHECK(texts.problems() == "README.md:9: the list of stages in meson.build has no such stage");
  texts.replace("README.md", "[Answer]", "[The answer]");
  CHECK(texts.problems().find("must go on with \"| 01 | [Answer]") != std::string::npos);
}

TEST_CASE("stray files are reported, and a learner's are not") {
  const Texts texts;
  texts.write("steps/01_answer/mine.hpp", "");
  texts.write("steps/01_answer/answer.cpp.kept-1", "");
  CHECK(texts.problems() == "");
  texts.write("solutions/01_answer/old.cpp", "");
  texts.write("tests/03_third.cpp", "");
  texts.write("tests/mistakes/03_third/one.patch", "");
  texts.write("docs/notes.md", "");
  CHECK(texts.problems() ==
        "docs/notes.md belongs to no stage in meson.build, and no page links to it\n"
        "solutions/01_answer/old.cpp belongs to no stage in meson.build\n"
        "tests/03_third.cpp belongs to no stage in meson.build\n"
        "tests/mistakes/03_third/one.patch belongs to no stage in meson.build");
  texts.replace("README.md", "# A tiny course", "# A tiny course\n\n[notes](docs/notes.md)");
  CHECK(texts.problems().find("docs/notes.md") == std::string::npos);
}

TEST_CASE("a TODO in a solution, and a step without one where it is to be edited, are reported") {
  const Texts texts;
  texts.replace("solutions/01_answer/answer.cpp", "\nint", "\n// TODO: think\nint");
  texts.replace("steps/01_answer/answer.cpp", "// TODO: answer the ultimate question.\n", "");
  texts.replace("steps/01_answer/main.cpp", "// Says", "// TODO: say. Says");
  texts.replace("steps/01_answer/main.cpp", "// Stage 01, answer", "// Stage 1, answer");
  texts.ship("01_answer");
  const auto problems = texts.problems();
  CHECK(problems.find("solutions/01_answer/answer.cpp:3: a TODO in a solution") != std::string::npos);
  CHECK(problems.find("steps/01_answer/answer.cpp is to be edited, and has no line \"// TODO: …\"") !=
        std::string::npos);
  CHECK(
      problems.find("steps/01_answer/main.cpp:6: a TODO, but the lesson's line \"- Edit:\" does not name this file") !=
      std::string::npos);
  CHECK(
      problems.find("steps/01_answer/main.cpp:1: the first line must be \"// Stage 01, answer: docs/01_answer.md\"") !=
      std::string::npos);
}

TEST_CASE("missing files and missing mistakes are reported") {
  const Texts texts;
  for (const char* each :
       {"solutions/01_answer/answer.hpp", "tests/01_answer.cpp", "tests/mistakes/01_answer/odd.patch"}) {
    std::filesystem::remove(texts.path() / each);
  }
  const auto problems = texts.problems();
  CHECK(problems.find("solutions/01_answer/answer.hpp is missing") != std::string::npos);
  CHECK(problems.find("tests/01_answer.cpp is missing") != std::string::npos);
  CHECK(problems.find("has 3 wrong solutions: at least 4 are wanted") != std::string::npos);
}

TEST_CASE("a file that hides another stage's is reported unless its stage stands on that one") {
  const Texts texts;
  texts.write("build/stages.txt", "02_double|answer.hpp||address\n01_answer|answer.cpp answer.hpp main.cpp||address\n");
  CHECK(texts.problems().find("02_double has another answer.hpp, and this stage does not stand on it") !=
        std::string::npos);
}

TEST_CASE("a copy of a file, by a stage that begins anew, hides nothing from a later stage") {
  const Texts texts;
  texts.write("build/stages.txt",
              "00_zero|answer.hpp||address\n02_double|answer.hpp||address\n"
              "01_answer|answer.cpp answer.hpp main.cpp|00_zero|address\n");
  texts.write("solutions/00_zero/answer.hpp", "int answer();  // an old one\n");
  texts.write("solutions/02_double/answer.hpp", "int answer();  // an old one\n");
  CHECK(texts.problems().find("has another answer.hpp") == std::string::npos);
  texts.write("solutions/02_double/answer.hpp", "int answer();  // another one\n");
  CHECK(texts.problems().find("02_double has another answer.hpp, and this stage does not stand on it") !=
        std::string::npos);
}

TEST_CASE("of a hang a lesson shows what does not differ from run to run") {
  Verdict verdict;
  verdict.outcome = Outcome::hangs;
  verdict.detail = {{.field = Field::test, .text = "two jobs"},
                    {.field = Field::hang, .text = "main thread: waits in join"}};
  CHECK(lines_for_lesson(verdict) == std::vector<std::string>{"test: two jobs"});
  verdict.outcome = Outcome::test_fails;
  verdict.detail = {{.field = Field::expected, .text = "1", .indent = 2},
                    {.field = Field::actual, .text = "2", .indent = 2}};
  CHECK(lines_for_lesson(verdict) == std::vector<std::string>{"  expected: 1", "  actual:   2"});
}

TEST_CASE("transcripts are compared without times, ports, process numbers and addresses") {
  CHECK(normalised("    0.1 ms  sent 16 bytes to 127.0.0.1:41234") ==
        normalised("  12.45 ms  sent 16 bytes to 127.0.0.1:9"));
  CHECK(normalised("hangs: stopped after 10 s, process 4711") == normalised("hangs: stopped after 3 s, process 1"));
  CHECK(normalised("==4711==ERROR: at 0x7f00a0") == normalised("==1==ERROR: at 0xff"));
  CHECK(normalised("main.cpp:12: 3 bytes") != normalised("main.cpp:13: 3 bytes"));
}

TEST_CASE("transcripts are shown beside each other where they fit, else below each other") {
  auto lesson = read_lesson("# 01 · A\n- Edit: `a`\n- As shipped: test\n\n```text gcc\nold\nlines\n```\n");
  Verdict verdict;
  verdict.detail = {{.text = "new"}};
  CHECK(transcript_problem(lesson, "x.md", verdict, "gcc 12.2.0", 80) ==
        std::vector<std::string>{
            "x.md:5: the step shows something else first (./learn verify --update writes what it shows)",
            "  the lesson shows | the step shows", "  old              | new", "  lines            | "});
  CHECK(transcript_problem(lesson, "x.md", verdict, "gcc 12.2.0", 30).back() == "    new");
  verdict.detail = {{.text = "old"}, {.text = "lines"}};
  CHECK(transcript_problem(lesson, "x.md", verdict, "gcc 12.2.0", 80).empty());
}

TEST_CASE("with another compiler than the transcripts' only the place counts") {
  auto lesson = read_lesson(
      "# 01 · A\n- Edit: `a`\n- As shipped: test\n\n```text clang\nsteps/01_a/a.cpp:3:5: error: old words\n```\n");
  Verdict verdict;
  verdict.detail = {{.text = "steps/01_a/a.cpp:3:9: error: new words"}};
  CHECK_FALSE(transcript_problem(lesson, "x.md", verdict, "clang 14.0.6", 80).empty());
  CHECK(transcript_problem(lesson, "x.md", verdict, "clang 19.1.0", 80).empty());
  verdict.detail = {{.text = "steps/01_a/a.cpp:4:9: error: new words"}};
  CHECK_FALSE(transcript_problem(lesson, "x.md", verdict, "clang 19.1.0", 80).empty());
}

TEST_CASE("what was seen is written into the lesson: one fence where both compilers agree, else two") {
  const std::string before = "# 01 · A\n- Edit: `a`\n- As shipped: test\n\n```text gcc clang\nold\n```\n\nend\n";
  const std::string two =
      "# 01 · A\n- Edit: `a`\n- As shipped: test\n\n```text gcc\nG\n```\n\n```text clang\nC\n```\n\nend\n";
  CHECK(with_transcripts(before, {{"gcc", {"G"}}, {"clang", {"C"}}}) == two);
  CHECK(with_transcripts(two, {{"clang", {"old"}}, {"gcc", {"old"}}}) == before);
  CHECK(with_transcripts(two, {{"gcc", {"C"}}}) == replaced(before, "old", "C"));
  CHECK(with_transcripts(before, {{"gcc", {"G"}}}) == replaced(two, "\nC\n", "\nold\n"));
  const std::string timed = replaced(before, "old", "0.1 ms sent");
  CHECK(with_transcripts(timed, {{"gcc", {"0.7 ms sent"}}, {"clang", {"3 ms sent"}}}) == timed);
}

TEST_CASE("the story of a schedule that fails is held to what was seen, and written, as the transcript is") {
  const std::string before = "# 01 · A\n- Edit: `a`\n- As shipped: hang\n\n```text gcc clang\nold\n```\n\nend\n";
  const std::string with_story = before + "\n```text story gcc clang\nonce\n```\n";
  const auto lesson = read_lesson(with_story);
  CHECK(lesson.transcript("clang")->text == "old\n");
  CHECK(lesson.story("clang")->text == "once\n");
  CHECK(story_problem(lesson, "x.md", {"once"}, "gcc 12.2.0", 80).empty());
  CHECK_FALSE(story_problem(lesson, "x.md", {"twice"}, "gcc 12.2.0", 80).empty());
  CHECK_FALSE(story_problem(lesson, "x.md", {}, "gcc 12.2.0", 80).empty());
  CHECK(story_problem(lesson, "x.md", {"twice"}, "clang 19.1.0", 80).empty());
  CHECK(story_problem(read_lesson(before), "x.md", {"once"}, "gcc 12.2.0", 80).empty());
  CHECK(with_transcripts(with_story, {{"gcc", {"old"}, {"twice"}}, {"clang", {"old"}, {"twice"}}}) ==
        replaced(with_story, "once", "twice"));
  CHECK(with_transcripts(before, {{"gcc", {"old"}, {"once"}}}) == before);
}
