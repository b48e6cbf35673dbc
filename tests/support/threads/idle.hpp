// What threads do when there is nothing to do.
#pragma once

#include <string>

namespace support {

// "sleep until they are woken", when all threads but the caller's do, and use next to no processor time for a twentieth
// of a second; else what they did. That time is there to measure in, not to wait for something.
std::string what_others_do();

}  // namespace support
