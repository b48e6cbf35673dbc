#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace runner {

/// The columns that `text` takes in a terminal. UTF-8; wide East Asian characters and emoji count two, combining marks
/// and escape sequences none, a byte that is not UTF-8 one. It does not join emoji sequences (a family, a flag, a skin
/// tone count as their parts) and knows no tabs: `printable` turns them into blanks.
int width_of(std::string_view text);

/// The first `width` columns of one line; where something is cut the last column is `…`. Escape sequences pass through,
/// those after the cut too, so that a colour that was begun also ends.
std::string cut_to_width(std::string_view text, int width);

/// `text` broken at blanks into lines of at most `width` columns; `first` begins the first line, `others` each other
/// one. A newline in `text` ends a line. A word that is longer than a line is broken within.
std::vector<std::string> wrap(std::string_view text, int width, std::string_view first = "",
                              std::string_view others = "");

/// One line broken before the words that no longer fit, every blank in it kept: for what others wrote, where two blanks
/// are not one. `first` and `others` as for `wrap`.
std::vector<std::string> fold(std::string_view line, int width, std::string_view first = "",
                              std::string_view others = "");

/// Foreign text made safe to print: escape sequences and control characters removed, tabs as blanks up to the next
/// multiple of 8, CR LF as LF, what is not UTF-8 as U+FFFD, and direction overrides removed. Only LF stays.
std::string printable(std::string_view foreign);

}  // namespace runner
