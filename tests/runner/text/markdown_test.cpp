#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

#include "text/markdown.hpp"
#include "text/text.hpp"

using namespace runner;

TEST_CASE("inline marks are taken away, and names with underscores stay") {
  CHECK(render_inline("call `answer(client)` **now**, *then* _rest_") == "call `answer(client)` now, then rest");
  CHECK(render_inline("read_request and 2 * 3 * 4") == "read_request and 2 * 3 * 4");
  CHECK(render_inline("`a_b*c*`") == "`a_b*c*`");
  CHECK(render_inline("a \\*star\\* and \\| and &lt;T&gt;") == "a *star* and | and <T>");
  CHECK(render_inline("``x ` y``") == "`x ` y`");
  CHECK(render_inline("`no end") == "`no end");
  CHECK(render_inline("say `x`", {"", "", "<", ">"}) == "say <x>");
}

TEST_CASE("links show where they lead, from the root of the repository") {
  CHECK(render_inline("[errors](reading_compiler_errors.md#gcc)") == "errors (docs/reading_compiler_errors.md)");
  CHECK(render_inline("[the step](../steps/04/main.cpp)") == "the step (steps/04/main.cpp)");
  CHECK(render_inline("[`steps/04/main.cpp`](../steps/04/main.cpp)") == "`steps/04/main.cpp`");
  CHECK(render_inline("[Asio](https://think-async.com/a_(b) \"x\")") == "Asio (https://think-async.com/a_(b))");
  CHECK(render_inline("[above](#goal)") == "above");
  CHECK(render_inline("array[0](x") == "array[0](x");
}

TEST_CASE("blocks are laid out for the width") {
  CHECK(render("# A title\n\nOne two three\nfour five.\n\n\n\nFour.\n", 20) ==
        "A title\n=======\n\nOne two three four\nfive.\n\nFour.\n");
  CHECK(render("# A title\nText.\n", 40, Details::hidden, {"<", ">", "", ""}) == "<A title>\n\nText.\n");
  CHECK(render("- one two three four five\n  six\n- seven\n\n1. a\n2. b\n", 20) ==
        "- one two three four\n  five six\n- seven\n\n1. a\n2. b\n");
  CHECK(render("Do:\n\n```sh\n./learn  run\n\nls\n```\nDone.", 40) == "Do:\n\n    ./learn  run\n\n    ls\nDone.\n");
  CHECK(render("<!-- a\ncomment -->\nText.", 40) == "Text.\n");
  CHECK(render("", 40).empty());
}

TEST_CASE("a table becomes columns, or paragraphs where it is too narrow for them") {
  const std::string table =
      "| message | meaning |\n|---|---|\n| `x` was not declared | Nobody wrote `x \\| y` yet. |\n";
  CHECK(render(table, 60) ==
        "message               meaning\n"
        "`x` was not declared  Nobody wrote `x | y` yet.\n");
  CHECK(render(table, 30) ==
        "message\n    meaning\n"
        "`x` was not declared\n    Nobody wrote `x | y` yet.\n");
}

TEST_CASE("what folds is hidden or open") {
  const std::string hints =
      "Before.\n\n<details><summary>Hint 1: a nudge</summary>\n\nLook.\n\n```\ncode\n```\n\n</details>\n\nAfter.\n";
  CHECK(render(hints, 40) == "Before.\n\n[+] Hint 1: a nudge\n\nAfter.\n");
  CHECK(render(hints, 40, Details::open) == "Before.\n\n[-] Hint 1: a nudge\n\nLook.\n\n    code\n\nAfter.\n");
}

TEST_CASE("no line of a whole lesson is wider than the terminal") {
  std::ifstream file(FIXTURES "/lesson.md", std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  for (const int width : {30, 60, 80}) {
    const std::string rendered = render(text, width, Details::open);
    for (const auto line : split_lines(rendered)) CHECK(width_of(line) <= width);
  }
}

TEST_CASE("a lesson cannot send control characters to the terminal") {
  CHECK(render("a\x1b[2Jb\n\n```\nc\x1b]0;x\ad\n```\n", 40) == "ab\n\n    cd\n");
}
