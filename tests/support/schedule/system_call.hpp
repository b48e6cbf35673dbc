// System calls past everything that a program or a sanitizer puts in front of them.
#pragma once

#include <dlfcn.h>
#include <unistd.h>

namespace support::schedule {

template <class... Arguments>
long system_call(long number, Arguments... arguments) {
  static decltype(::syscall)* call = nullptr;  // looked up anew by each who is first: the result is the same
  decltype(::syscall)* found = __atomic_load_n(&call, __ATOMIC_RELAXED);
  if (found == nullptr) {
    found = reinterpret_cast<decltype(::syscall)*>(::dlsym(RTLD_NEXT, "syscall"));
    __atomic_store_n(&call, found, __ATOMIC_RELAXED);
  }
  return found(number, arguments...);
}

}  // namespace support::schedule
