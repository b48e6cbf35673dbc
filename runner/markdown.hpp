#pragma once

#include <string>
#include <string_view>

namespace runner {

enum class Details { hidden, open };  // <details> blocks: one line with their title, or all of them

struct Marks {  // put around what a terminal can set off; escape sequences, or nothing for plain text
  std::string heading_begin{};
  std::string heading_end{};
  std::string code_begin{};
  std::string code_end{};
};

/// Markdown as text for a terminal of `width` columns: paragraphs and lists wrapped, code as it stands and indented by
/// four, links as their text with the target of those that leave the course's folder in brackets, tables in columns, or
/// as paragraphs where columns would get too narrow. Each line ends in LF. Foreign control characters are removed.
std::string render(std::string_view markdown, int width, Details details = Details::hidden, const Marks& marks = {});

/// One paragraph's inline marks removed: `code`, **bold**, *emphasis*, [text](target), \escapes.
std::string render_inline(std::string_view markdown, const Marks& marks = {});

}  // namespace runner
