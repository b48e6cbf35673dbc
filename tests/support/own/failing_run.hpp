// Runs this test program again, with other arguments, and reads what a learner would read.
#pragma once

#include "report/place.hpp"

#include <string>
#include <string_view>

namespace support {

struct Run {
  std::string output;  // stdout and stderr
  int status = -1;     // of exit
};

Run run_self(const std::string& arguments);

// All of cases.cpp and servers.cpp; they run once.
const Run& all_failures();

// What is printed below "not ok" for the failing case of this name. Ports, times and line numbers are written N.
std::string failure(const std::string& name);

void expect_failure(const std::string& name, std::string_view expected, Place place = Place::here());

}  // namespace support
