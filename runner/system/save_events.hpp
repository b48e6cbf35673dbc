#pragma once

#include <uv.h>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "system/uv_handle.hpp"

namespace runner {

/// Whether the file system of `folder` reports changes to programs (inotify(7)); network and WSL mounts do not.
bool has_file_events(const std::filesystem::path& folder);

/// Tells when the content of files may have changed, however they are saved: written in place, renamed over, deleted
/// and made again. Reports each change once, a moment after the last event. Where the file system has no events it
/// looks twice a second.
class SaveEvents {
 public:
  SaveEvents(uv_loop_t& loop, std::function<void()> on_save);
  SaveEvents(const SaveEvents&) = delete;
  SaveEvents& operator=(const SaveEvents&) = delete;

  /// From now on these files; their folders need not exist yet.
  void watch(std::vector<std::filesystem::path> files);
  bool polls() const { return polls_; }

 private:
  void listen();
  void look();
  void look_soon();
  std::string facts_of_files() const;
  std::string facts_of_folders() const;

  uv_loop_t& loop_;
  std::function<void()> on_save_;
  std::vector<std::filesystem::path> files_;
  std::vector<Handle<uv_fs_event_t>> folders_;
  Handle<uv_timer_t> timer_;
  std::string last_files_;
  std::string last_folders_;
  bool polls_ = false;
};

}  // namespace runner
