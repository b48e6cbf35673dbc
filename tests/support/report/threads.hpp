// Where the threads of a process stand that does nothing any more.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace support {

// A line for each place, and what that means, as told by the command in SERVERLINGS_THREADS, to which the process is
// given ("./learn threads"). Empty without it: then a failure says what was waited for, and no more.
std::vector<std::string> where_threads_stand(pid_t process);

}  // namespace support
