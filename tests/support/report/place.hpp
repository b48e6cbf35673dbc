// Where in a test something was asked for, so that a failure names that line.
#pragma once

namespace support {

struct Place {
  const char* file;
  int line;

  // As a default argument this is the caller's line (both compilers; Clang 14 has no std::source_location).
  static constexpr Place here(const char* file = __builtin_FILE(), int line = __builtin_LINE()) { return {file, line}; }
};

}  // namespace support
