// Stage 01, call first: docs/01_call_first.md
#pragma once

#include <cstdio>
#include <cstdlib>

// Returns what a system call returned. When that is -1, prints the call's name and the reason (errno in words), and
// ends the program with status 1.
auto check(auto result, const char* call) {
  if (result == -1) {
    std::perror(call);
    std::exit(1);
  }
  return result;
}
