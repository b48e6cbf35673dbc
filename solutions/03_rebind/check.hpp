#pragma once

#include <cerrno>
#include <system_error>

// Returns what a system call returned. When that is -1, throws std::system_error with errno and the call's name; its
// what() reads "bind: Address already in use".
auto check(auto result, const char* call) {
  if (result == -1) throw std::system_error{errno, std::generic_category(), call};
  return result;
}
