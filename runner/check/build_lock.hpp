#pragma once

#include <filesystem>
#include <stop_token>

namespace runner {

/// Keeps runners that use one build folder at the same time out of each other's way: one builds at a time, and nobody
/// builds while another tests what was built. Where no file can be locked, nothing is kept out.
class BuildLock {
 public:
  /// Waits until nobody else builds or tests in `folder`, or a stop is requested.
  BuildLock(const std::filesystem::path& folder, const std::stop_token& stop);
  ~BuildLock();
  BuildLock(const BuildLock&) = delete;
  BuildLock& operator=(const BuildLock&) = delete;

  /// From here on others may test as well.
  void share();

 private:
  int file_;
};

}  // namespace runner
