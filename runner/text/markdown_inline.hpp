#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace runner {

struct Marks {                  // put around what a terminal can set off: escape sequences, or the signs of plain text
  std::string heading_begin{};  // with none, headings are underlined
  std::string heading_end{};
  std::string code_begin{"`"};
  std::string code_end{"`"};
};

/// One paragraph's inline marks removed: `code`, **bold**, *emphasis*, [text](target), \escapes, &lt; and the like.
std::string render_inline(std::string_view markdown, const Marks& marks = {});

/// The cells of a table's row, "| a | b |"; a pipe after a backslash belongs to its cell.
std::vector<std::string> table_cells(std::string_view row);

/// The text of the first code span in `text`, `a` or ``b ` c``, which is cut off with all before it; empty when there
/// is none.
std::string_view take_code(std::string_view& text);

}  // namespace runner
