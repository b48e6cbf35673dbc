// Stage 01, call first: docs/01_call_first.md
#pragma once

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <system_error>

// Returns the number that an argument of the program spells. When that is not a whole number from `least` to `most`,
// says so with the argument's name, and ends the program with status 2.
inline int number_from(const char* text, const char* name, int least, int most) {
  const char* const end = text + std::strlen(text);
  int number = 0;
  const auto [stop, error] = std::from_chars(text, end, number);
  if (error != std::errc{} || stop != end || number < least || number > most) {
    std::fprintf(stderr, "%s is a whole number from %d to %d, not \"%s\"\n", name, least, most, text);
    std::exit(2);
  }
  return number;
}
