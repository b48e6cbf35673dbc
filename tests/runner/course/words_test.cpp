#include "course/words.hpp"

#include <doctest/doctest.h>

using namespace runner;

namespace {

std::vector<Row> rows(const std::string& body) {
  return read_rows("# A page\n\n| shown | meaning |\n|---|---|\n" + body, "docs/x.md");
}

std::string refusal(const std::string& body) {
  try {
    rows(body);
  } catch (const DocumentError& error) {
    return std::to_string(error.line()) + ": " + error.what();
  }
  return "none";
}

const Lines race{
    {.field = Field::test, .text = "two jobs run at once"},
    {.field = Field::sanitizer, .text = "ThreadSanitizer: data race", .whole = "data race"},
    {.field = Field::at, .text = "write by a thread, in ThreadPool::stop (steps/20/thread_pool.hpp:66)"},
    {.field = Field::at, .text = "   66 |     stopping_ = true;", .as_it_is = true},
};

std::string arrow(const std::vector<Row>& table, const Lines& lines) {
  const auto* row = row_for(table, lines);
  return row == nullptr ? "none" : row->text;
}

}  // namespace

TEST_CASE("a row asks for fields, each with what one of its patterns says") {
  const auto table =
      rows("| sanitizer `data race` and at `stopping_` `is_done` | The flag. |\n\nA line that is no row.\n");
  REQUIRE(table.size() == 1);
  CHECK(table[0].name() == "sanitizer \"data race\" and at \"stopping_\"");
  CHECK(table[0].conditions[1].patterns == std::vector<std::string>{"stopping_", "is_done"});
  CHECK(table[0].page == "docs/x.md");
  CHECK(table[0].line == 5);
}

TEST_CASE("a row matches the field that it names, and no other") {
  CHECK(arrow(rows("| sanitizer `data race` and at `stopping_` | The flag. |\n"), race) == "The flag.");
  CHECK(arrow(rows("| sanitizer `data race` and at `jobs_` | The queue. |\n"), race) == "none");
  // The test's name, and what was expected, are not what came.
  const Lines test{{.field = Field::test, .text = "an error is thrown"},
                   {.field = Field::compared, .text = "what is thrown"},
                   {.field = Field::expected, .text = "then the end of the connection"},
                   {.field = Field::actual, .text = "nothing"},
                   {.field = Field::difference, .text = "  ^ ends here"}};
  CHECK(arrow(rows("| actual `then the end of the connection` | A part was sent. |\n"), test) == "none");
  CHECK(arrow(rows("| actual `an error` | Thrown. |\n| test `an error` | The test. |\n"), test) == "The test.");
  CHECK(arrow(rows("| actual `ends here` | A part. |\n"), test) == "A part.");
  CHECK(arrow(rows("| expected `the … connection` and actual `nothing` | Both. |\n"), test) == "Both.");
}

TEST_CASE("the first row that fits is the arrow") {
  CHECK(arrow(rows("| sanitizer `race` | One. |\n| sanitizer `data race` | Two. |\n"), race) == "One.");
}

TEST_CASE("what a compiler says is matched uncut, and so are the lines that led to it") {
  const Lines error{{.field = Field::required, .text = "required from here"},
                    {.field = Field::compiler, .text = "error: cannot…", .whole = "cannot convert 'A' to 'B'"}};
  CHECK(arrow(rows("| compiler `to 'B'` | Whole. |\n"), error) == "Whole.");
  CHECK(arrow(rows("| compiler `required from` | Led. |\n"), error) == "Led.");
}

TEST_CASE("a row that cannot be read is refused with its line and what to do") {
  CHECK(refusal("| `error` | Anything. |\n").starts_with("5: write fields and what they say in backticks"));
  CHECK(refusal("| compiler error | Anything. |\n").starts_with("5: write fields and what they say in backticks"));
  CHECK(refusal("| compiler | Anything. |\n").starts_with("5: what a field says stands behind it in backticks"));
  CHECK(refusal("| screen `error` | Anything. |\n") == "5: 'screen' is no field of a failure: see CONTRIBUTING.md");
  CHECK(refusal("| compiler `a` or `b` | Anything. |\n").starts_with("5: "));
  CHECK(refusal("| compiler `a` | Any | thing |\n").starts_with("5: write two cells"));
  CHECK(refusal("| compiler `a \\| b` | A pipe. |\n") == "none");
}

TEST_CASE("the words for a rule are filled in") {
  const auto table = rows("| rule `mutex-held` | Held at {1} and {2}. |\n| rule `a` `b` | Either. |\n");
  CHECK(text_of(table, "mutex-held", {"a.hpp:3", "b"}) == "Held at a.hpp:3 and b.");
  CHECK(text_of(table, "b", {}) == "Either.");
  CHECK(text_of(table, "c", {}).empty());
}
