#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

#include "course/lesson.hpp"
#include "text/text.hpp"
#include "verify/pages.hpp"

using namespace runner;

namespace {

std::string lesson_text() {
  std::ifstream file(FIXTURES "/lesson.md", std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// The line and the words of the error that `text` is refused with.
std::string refusal(const std::string& text) {
  try {
    read_lesson(text);
  } catch (const DocumentError& error) {
    return std::to_string(error.line()) + ": " + error.what();
  }
  return "none";
}

std::string changed(const std::string& from, const std::string& to) {
  const std::string text = lesson_text();
  REQUIRE(text.find(from) != std::string::npos);
  return replaced(text, from, to);
}

}  // namespace

TEST_CASE("a lesson is read") {
  const auto lesson = read_lesson(lesson_text());
  CHECK(lesson.number == "04");
  CHECK(lesson.title == "Whole request");
  CHECK(lesson.part == "1, one thread");
  CHECK(lesson.edit ==
        std::vector<std::string>{"steps/04_whole_request/read_request.cpp", "steps/04_whole_request/status.hpp"});
  CHECK(lesson.shipped_as == ShippedAs::test);
  CHECK(lesson.purpose == "The failure is on purpose: `recv` gives you a part of what was sent.");
  CHECK(lesson.document.sections.size() == 8);
  CHECK(lesson.document.sections[0].heading == "Goal");
  CHECK(lesson.document.sections[0].line == 10);
  REQUIRE(lesson.document.section("Why") != nullptr);
  CHECK(trimmed(lesson.document.section("Why")->text) == "A stream has no messages.");
  CHECK(lesson.document.section("Elsewhere") == nullptr);
  CHECK(problems_of(lesson).empty());
}

TEST_CASE("hints are the blocks that fold, one after another") {
  const auto lesson = read_lesson(lesson_text());
  REQUIRE(lesson.hints.size() == 3);
  CHECK(lesson.hints[0].title == "Hint 1: a nudge");
  CHECK(lesson.hints[0].body == "What does `recv` return?");
  CHECK(lesson.hints[1].title == "Hint 2: the idea");
  CHECK(lesson.hints[1].body == "Collect in a loop:\n\n```cpp\ntext.append(piece, count);\n```");
}

TEST_CASE("code blocks keep their text letter for letter, and their place") {
  const auto lesson = read_lesson(lesson_text());
  REQUIRE(lesson.document.fences.size() == 3);
  CHECK(lesson.document.fences[0].info == "cpp solutions/04_whole_request/read_request.hpp");
  CHECK(lesson.document.fences[0].text ==
        "std::string read_request(const Socket& client);\n// ## not a heading, [not](a_link.md)\n");
  CHECK(lesson.document.fences[0].line == 17);
  REQUIRE(lesson.transcript("clang") != nullptr);
  CHECK(lesson.transcript("clang")->text == "not recorded\n");
  CHECK(lesson.transcript("gcc") == lesson.transcript("clang"));
  CHECK(lesson.transcript("msvc") == nullptr);
}

TEST_CASE("links are found, but not in code") {
  const auto lesson = read_lesson(lesson_text());
  std::vector<std::string> targets;
  for (const auto& link : lesson.document.links) targets.push_back(link.target);
  CHECK(targets == std::vector<std::string>{"on_the_wire.md#request", "../steps/04_whole_request/read_request.cpp",
                                            "../solutions/04_whole_request/read_request.cpp",
                                            "https://think-async.com/Asio/"});
  CHECK(lesson.document.links[0].line == 12);
}

TEST_CASE("a lesson that cannot be read is refused with the line and what to do") {
  CHECK(refusal("") == "1: begin with a title such as \"# 04 · Whole request\"");
  CHECK(refusal("# Whole request\n") == "1: begin with a title such as \"# 04 · Whole request\"");
  CHECK(refusal("# 04 · Whole request\n") == "1: add a line \"- Edit: `steps/…`\" that names the files to edit");
  CHECK(refusal(changed("- As shipped: test", "- As shipped: badly")) ==
        "5: \"badly\" is not a way to fail: write build, test, hang or sanitizer");
  CHECK(refusal(changed("- As shipped: test\n", "")).starts_with("1: add a line \"- As shipped"));
  CHECK(refusal(changed("`steps/04_whole_request/read_request.cpp`, `", "the file, ").substr(0, 200))
            .starts_with("4: put each file to edit in backticks"));
  const std::string text = lesson_text();
  CHECK(refusal(text.substr(0, text.find("not recorded"))) == "24: this code block has no end: add a line with ```");
  CHECK(refusal(changed("</details>\n\n## Compare", "\n## Compare")) ==
        "56: this <details> has no end: add a line with </details>");
  CHECK(refusal(changed("</details>\n\n<details><summary>Hint 3", "\n<details><summary>Hint 3")) ==
        "45: this <details> has no end before the next one");
  CHECK(
      refusal(changed("[the loop](../solutions", "[the loop](../solutions (")).starts_with("58: this link has no end"));
}

TEST_CASE("what a finished lesson must have is asked for") {
  const auto problem = [](const std::string& text) {
    const auto problems = problems_of(read_lesson(text));
    return problems.empty() ? std::string("none") : std::string(problems[0].what());
  };
  CHECK(problem(changed("## Why", "## Because")) == "add the section \"## Why\"");
  CHECK(problem(changed("## The call we wish we had", "## What hurts")) == "none");
  CHECK(problem(changed("text gcc clang", "text gcc")) == "show what the first run prints in a block ```text clang");
  const std::string text = lesson_text();
  const auto third = text.find("<details><summary>Hint 3");
  CHECK(problem(text.substr(0, third) + text.substr(text.find("## Compare"))) == "2 hints: at least 3 are wanted");
  CHECK(problem(changed("The failure is on purpose: `recv` gives you a part\nof what was sent.", "")) ==
        "say in a line before the first section that the failure is on purpose");
}

TEST_CASE("a lesson with CR LF is the same lesson") {
  const auto lesson = read_lesson(replaced(lesson_text(), "\n", "\r\n"));
  CHECK(lesson.title == "Whole request");
  CHECK(lesson.hints.size() == 3);
  CHECK(lesson.document.fences[1].text == "not recorded\n");
  CHECK(problems_of(lesson).empty());
}
