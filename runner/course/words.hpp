#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "course/course.hpp"
#include "course/document.hpp"
#include "text/line.hpp"

namespace runner {

/// One field of a failure that a row asks for: it has one of these in it. `…` in them stands for anything.
struct Condition {
  Field field = Field::compiler;
  std::vector<std::string> patterns{};
};

/// A row of a table of words (docs/when_it_fails): what must be said, all of it, and what it means.
struct Row {
  std::vector<Condition> conditions{};
  std::string text{};  // markdown, one line; {1}, {2} stand for what is filled in
  std::string page{};  // "docs/when_it_fails/07_send_all.md"
  int line = 0;

  /// Each condition's field and first pattern: `sanitizer "data race" and at "stopping_"`.
  std::string name() const;
};

/// The rows of all tables of a page; throws DocumentError. `page` is only kept in them.
std::vector<Row> read_rows(std::string_view markdown, const std::string& page = {});

/// All the words that a stage's failures are explained with.
struct Words {
  std::vector<Row> rows{};        // the stage's own, then those that all stages share: the first that fits is the arrow
  std::vector<Row> sanitizers{};  // a sentence for each kind of report
  std::vector<Row> signals{};     // and for each way to end
  std::vector<std::string> problems{};  // "docs/when_it_fails/07_send_all.md:9: what is wrong"
};

/// Reads the tables of a stage and the shared ones. A page that cannot be read leaves its rows out, and says so in
/// `problems`: a check goes on without words.
Words words_of(const Course& course, const Stage& stage);

/// The first row that fits, or null.
const Row* row_for(const std::vector<Row>& rows, const Lines& lines);

/// A row's text with {1}, {2}, … replaced by these.
std::string filled(std::string text, const std::vector<std::string>& facts);

/// The text of the row for a rule, its places filled with these facts; empty when there is none.
std::string text_of(const std::vector<Row>& rows, std::string_view rule, const std::vector<std::string>& facts);

/// "docs/when_it_fails/07_send_all.md".
std::string words_page(const Stage& stage);

}  // namespace runner
