#pragma once

#include <cstddef>
#include <string_view>

namespace runner {

/// A character of a text, or a byte that is none.
struct Letter {
  char32_t code = 0xFFFD;
  std::size_t bytes = 1;
  bool valid = false;
};

/// The character at the start of `text`, which is not empty (RFC 3629: no overlong forms, no surrogates).
Letter first_letter(std::string_view text);

/// 0, 1 or 2.
int columns_of(const Letter& letter);

/// The length of the escape sequence (ECMA-48) that `text` starts with. A string within one ends at a line's end at the
/// latest, so that a broken one does not swallow what follows.
std::size_t escape_length(std::string_view text);

}  // namespace runner
