// Bytes as a learner can read them: escaped, cut, counted, with the first difference marked.
#pragma once

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace support {

// The bytes with \r, \n, \t, \0, \" and \\ named, and every other byte outside printable ASCII as \xNN.
std::string escaped(std::string_view bytes);

// "1 byte", "16 bytes".
std::string count_of(std::size_t bytes);

// How wide a text with "expected: " or "actual:   " before it may be, so that the line fits into 80 columns.
inline constexpr std::size_t text_columns = 66;

// "GET / HTTP/1.1\r\n" (16 bytes), or "GET /aaa… (20000000 bytes) when that is wider than `columns`; "nothing" when
// there is none. `suffix` is put behind it, and counts. `total`: how many bytes there were when `bytes` is not all.
std::string shown(std::string_view bytes, std::size_t columns = text_columns, std::string_view suffix = "",
                  std::size_t total = 0);

// The same for its end: …hello\n" (16 bytes)
std::string shown_end(std::string_view bytes, std::size_t columns = text_columns, std::string_view suffix = "");

// Two texts side by side, from shortly before their first difference, and a line with ^ below that byte.
struct Difference {
  std::string expected;
  std::string actual;
  std::string mark;
};
Difference difference(std::string_view expected, std::string_view actual, std::string_view actual_suffix = "");

// For CHECK(Bytes{a} == Bytes{b}); expect() shows more.
struct Bytes {
  std::string text;
  bool operator==(const Bytes&) const = default;
};
// doctest looks for this name.
doctest::String toString(const Bytes& bytes);  // NOLINT(readability-identifier-naming)

}  // namespace support
