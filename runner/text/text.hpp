#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
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

/// The candidate that `name` was probably meant to be, or nothing when none is near: one that contains it, else the one
/// with the fewest edits (at most a third of the name's length, two for short names).
std::optional<std::string> closest(std::string_view name, const std::vector<std::string>& candidates);

/// Lines without their LF or CR LF; no empty last line for a text that ends in LF. The views look into `text`.
std::vector<std::string_view> split_lines(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char separator);
// A text that is gone by the next line is refused.
template <class Text>
requires std::is_same_v<Text, std::string>
void split_lines(Text&& text) = delete;
template <class Text>
requires std::is_same_v<Text, std::string>
void split(Text&& text, char separator) = delete;
/// The last `most` lines of a text, or all.
std::vector<std::string> last_lines(std::string_view text, std::size_t most);
std::string join(const std::vector<std::string>& parts, std::string_view separator);
/// "1 test", "2 tests".
std::string counted(int count, std::string_view one);
std::string_view trimmed(std::string_view text);
/// How many blanks a line begins with.
std::size_t indent_of(std::string_view line);
std::string replaced(std::string_view text, std::string_view what, std::string_view by);

/// ‘x’, `x' and “x” written as 'x' and "x", so that texts of several tools and locales compare equal.
std::string plain_quotes(std::string_view text);

/// Whether `pattern` occurs in `text`; `…` in it stands for anything, within one line. Quotes of all kinds are equal,
/// and so are blanks and runs of blanks.
bool occurs_in(std::string_view pattern, std::string_view text);

/// A letter or digit of ASCII.
bool is_alphanumeric(char letter);
/// What a C++ name consists of.
bool is_name_letter(char letter);
/// With small letters for ASCII's capital ones.
std::string lowered(std::string_view text);

/// A whole number without a sign, or nothing.
std::optional<int> to_number(std::string_view digits);

}  // namespace runner
