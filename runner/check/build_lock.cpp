#include "check/build_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <thread>

namespace runner {

// flock(2) cannot wait for a stop request as well, so it is asked again and again.
BuildLock::BuildLock(const std::filesystem::path& folder, const std::stop_token& stop)
    : file_(::open((folder / ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)) {
  constexpr std::chrono::milliseconds interval{20};
  while (file_ >= 0 && ::flock(file_, LOCK_EX | LOCK_NB) != 0 && (errno == EWOULDBLOCK || errno == EINTR)) {
    if (stop.stop_requested()) return;
    std::this_thread::sleep_for(interval);
  }
}

BuildLock::~BuildLock() {
  if (file_ >= 0) ::close(file_);
}

void BuildLock::share() {
  if (file_ >= 0) ::flock(file_, LOCK_SH);
}

}  // namespace runner
