// Stage 03, rebind: docs/03_rebind.md
#pragma once

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <system_error>

// Returns what a system call returned. When that is -1, prints the call's name and the reason (errno in words), and
// ends the program with status 1.
// TODO: throw the reason instead, as an error that names the call, and leave it to the caller to go on or to end.
auto check(auto result, const char* call) {
  if (result == -1) {
    std::perror(call);
    std::exit(1);
  }
  return result;
}
