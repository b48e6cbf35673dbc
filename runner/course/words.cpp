#include "course/words.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>

#include "system/files.hpp"
#include "text/markdown.hpp"
#include "text/text.hpp"

namespace runner {
namespace {

constexpr std::string_view folder = "docs/when_it_fails/";

// `a word `code` `code` and a word `code`` → its conditions; throws DocumentError.
std::vector<Condition> conditions_in(std::string_view cell, int line) {
  std::vector<Condition> conditions;
  while (!cell.empty()) {
    const auto mark = cell.find('`');
    auto words = split(trimmed(cell.substr(0, mark)), ' ');
    std::erase(words, "");
    // Between two patterns of one condition there is nothing, before a further one "and" and its field.
    const bool further = !conditions.empty() && words.size() == 2 && words[0] == "and";
    if (words.size() == 1 || further) {
      const auto field = field_named(words.back());
      if (!field)
        throw DocumentError(line, fmt::format("'{}' is no field of a failure: see CONTRIBUTING.md", words.back()));
      conditions.push_back({*field, {}});
    } else if (!words.empty() || conditions.empty()) {
      throw DocumentError(
          line, "write fields and what they say in backticks: | actual `nothing` and test `a page` | meaning |");
    }
    const auto code = take_code(cell);
    if (code.empty())
      throw DocumentError(line, "what a field says stands behind it in backticks: | compiler `message` | meaning |");
    conditions.back().patterns.emplace_back(code);
    cell = trimmed(cell);
  }
  return conditions;
}

bool fits(const Row& row, const Lines& lines) {
  return std::ranges::all_of(row.conditions, [&](const Condition& condition) {
    return std::ranges::any_of(condition.patterns,
                               [&](const auto& pattern) { return says(lines, condition.field, pattern); });
  });
}

}  // namespace

std::string Row::name() const {
  std::vector<std::string> parts;
  for (const auto& each : conditions)
    parts.push_back(fmt::format("{} \"{}\"", to_string(each.field), each.patterns.front()));
  return join(parts, " and ");
}

std::vector<Row> read_rows(std::string_view markdown, const std::string& page) {
  std::vector<Row> rows;
  int number = 0;
  int in_table = 0;  // lines of the table that is open
  for (const auto text : split_lines(markdown)) {
    ++number;
    in_table = text.starts_with('|') ? in_table + 1 : 0;
    if (in_table <= 2) continue;  // no table, or its head and the line below it
    const auto cells = table_cells(text);
    if (cells.size() != 2 || cells[0].empty() || cells[1].empty()) {
      throw DocumentError(number, "write two cells: | field `what it says` | meaning |, and \\| for a pipe");
    }
    rows.push_back({conditions_in(cells[0], number), cells[1], page, number});
  }
  return rows;
}

std::string words_page(const Stage& stage) {
  return fmt::format("{}{}.md", folder, stage.name);
}

Words words_of(const Course& course, const Stage& stage) {
  Words words;
  const auto add = [&](std::vector<Row>& rows, const std::string& page) {
    const auto file = course.root() / page;
    if (!is_file(file)) return;
    try {
      std::ranges::move(read_rows(read_file(file), page), std::back_inserter(rows));
    } catch (const DocumentError& error) {
      words.problems.push_back(fmt::format("{}:{}: {}", page, error.line(), error.what()));
    } catch (const std::exception& error) {
      words.problems.emplace_back(error.what());
    }
  };
  add(words.rows, words_page(stage));
  add(words.rows, fmt::format("{}compilers.md", folder));
  add(words.rows, fmt::format("{}hangs.md", folder));
  add(words.sanitizers, fmt::format("{}sanitizers.md", folder));
  add(words.signals, fmt::format("{}signals.md", folder));
  return words;
}

const Row* row_for(const std::vector<Row>& rows, const Lines& lines) {
  const auto found = std::ranges::find_if(rows, [&](const Row& row) { return fits(row, lines); });
  return found == rows.end() ? nullptr : &*found;
}

std::string text_of(const std::vector<Row>& rows, std::string_view rule, const std::vector<std::string>& facts) {
  for (const auto& row : rows) {
    for (const auto& condition : row.conditions) {
      if (condition.field == Field::rule && std::ranges::count(condition.patterns, rule) > 0)
        return filled(row.text, facts);
    }
  }
  return {};
}

std::string filled(std::string text, const std::vector<std::string>& facts) {
  for (std::size_t i = 0; i < facts.size(); ++i) text = replaced(text, fmt::format("{{{}}}", i + 1), facts[i]);
  return text;
}

}  // namespace runner
