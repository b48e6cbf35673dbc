#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace runner {

enum class Details { hidden, open };  // <details> blocks: one line with their title, or all of them

struct Marks {                  // put around what a terminal can set off: escape sequences, or the signs of plain text
  std::string heading_begin{};  // with none, headings are underlined
  std::string heading_end{};
  std::string code_begin{"`"};
  std::string code_end{"`"};
};

/// Markdown as text for a terminal of `width` columns: paragraphs and lists wrapped, code as it stands and indented by
/// four, links as their text with the target in brackets (paths from the repository's root), tables in columns, or as
/// paragraphs where columns would get too narrow. Each line ends in LF. Control characters are removed. It knows what
/// the lessons use; HTML other than <details> and comments, and nested quotes, are shown as they stand.
std::string render(std::string_view markdown, int width, Details details = Details::hidden, const Marks& marks = {});

/// One paragraph's inline marks removed: `code`, **bold**, *emphasis*, [text](target), \escapes, &lt; and the like.
std::string render_inline(std::string_view markdown, const Marks& marks = {});

/// The cells of a table's row, "| a | b |"; a pipe after a backslash belongs to its cell.
std::vector<std::string> table_cells(std::string_view row);

/// The text of the first code span in `text`, `a` or ``b ` c``, which is cut off with all before it; empty when there
/// is none.
std::string_view take_code(std::string_view& text);

/// The marks ``` or ~~~ that a line begins with (three or more), or nothing.
std::string_view fence_mark(std::string_view line);
/// Whether a line ends the block of code that `mark` began.
bool closes_fence(std::string_view line, std::string_view mark);

}  // namespace runner
