#pragma once

#include <string>
#include <string_view>

#include "text/markdown_inline.hpp"

namespace runner {

enum class Details { hidden, open };  // <details> blocks: one line with their title, or all of them

/// Markdown as text for a terminal of `width` columns: paragraphs and lists wrapped, code as it stands and indented by
/// four, links as their text with the target in brackets (paths from the repository's root), tables in columns, or as
/// paragraphs where columns would get too narrow. Each line ends in LF. Control characters are removed. It knows what
/// the lessons use; HTML other than <details> and comments, and nested quotes, are shown as they stand.
std::string render(std::string_view markdown, int width, Details details = Details::hidden, const Marks& marks = {});

/// The marks ``` or ~~~ that a line begins with (three or more), or nothing.
std::string_view fence_mark(std::string_view line);
/// Whether a line ends the block of code that `mark` began.
bool closes_fence(std::string_view line, std::string_view mark);

}  // namespace runner
