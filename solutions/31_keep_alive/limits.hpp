#pragma once

#include <chrono>

// What one client may cost.
struct Limits {
  std::chrono::milliseconds header_time{10'000};  // for the header section of a request
  std::chrono::milliseconds idle_time{5'000};     // between an answer and the first byte of the next request
  int requests = 1'000;                           // on one connection
};
