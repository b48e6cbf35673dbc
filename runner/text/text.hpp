#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "text/width.hpp"

namespace runner {

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

bool contains(std::string_view text, std::string_view part);
bool contains(std::string_view text, char letter);
/// What follows the first `mark` in `text`; empty when there is none.
std::string_view after(std::string_view text, std::string_view mark);

/// A letter or digit of ASCII.
bool is_alphanumeric(char letter);
/// What a C++ name consists of.
bool is_name_letter(char letter);
/// With small letters for ASCII's capital ones.
std::string lowered(std::string_view text);

/// A whole number without a sign, or nothing.
std::optional<int> to_number(std::string_view digits);

}  // namespace runner
