#include "system/save_events.hpp"

#include <fmt/core.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <cstdlib>
#include <set>
#include <utility>

namespace runner {
namespace {

constexpr std::uint64_t settle_ms = 15;  // editors save in several steps
constexpr std::uint64_t poll_ms = 500;
constexpr int most_links = 16;  // from one to the next

// Only for the runner's own tests, and for file systems that promise events and bring none.
bool has_to_poll() {
  const char* variable = std::getenv("SERVERLINGS_POLL");
  return variable != nullptr && *variable != '\0';
}

// A file's folder, and two above it, since a folder may be deleted and made again.
void add_folders(std::set<std::filesystem::path>& folders, const std::filesystem::path& file) {
  auto folder = file.parent_path();
  for (int level = 0; level < 3; ++level, folder = folder.parent_path()) folders.insert(folder);
}

// Also those that links lead to, and each link on the way.
std::set<std::filesystem::path> folders_of(const std::vector<std::filesystem::path>& files) {
  std::set<std::filesystem::path> folders;
  for (auto file : files) {
    add_folders(folders, file);
    std::error_code none;
    for (int links = 0; links < most_links && std::filesystem::is_symlink(file, none); ++links) {
      file = file.parent_path() / std::filesystem::read_symlink(file, none);
      if (none) break;
      add_folders(folders, file);
    }
    if (const auto real = std::filesystem::canonical(file, none); !none && real != file) add_folders(folders, real);
  }
  return folders;
}

}  // namespace

bool has_file_events(const std::filesystem::path& folder) {
  struct statfs facts {};
  if (statfs(folder.c_str(), &facts) != 0) return true;
  // 9p and drvfs (Windows drives in WSL), NFS, SMB, CIFS, FUSE (sshfs), VirtualBox: changes made elsewhere are not
  // seen.
  for (const auto kind : {0x01021997UL, 0x6969UL, 0x517BUL, 0xFE534D42UL, 0xFF534D42UL, 0x65735546UL, 0x786F4256UL}) {
    if ((static_cast<unsigned long>(facts.f_type) & 0xFFFFFFFFUL) == kind) return false;
  }
  return true;
}

SaveEvents::SaveEvents(uv_loop_t& loop, std::function<void()> on_save)
    : loop_(loop), on_save_(std::move(on_save)), timer_(make_handle(loop, uv_timer_init)) {
  timer_->data = this;
}

void SaveEvents::watch(std::vector<std::filesystem::path> files) {
  files_ = std::move(files);
  last_files_ = facts_of_files();
  last_folders_ = facts_of_folders();
  listen();
}

// Folders are watched, not files: a file that is renamed over another one is a new file.
void SaveEvents::listen() {
  folders_.clear();
  uv_timer_stop(timer_.get());
  if (files_.empty()) return;
  polls_ = has_to_poll() || !has_file_events(files_.front().parent_path().parent_path());
  for (const auto& path : folders_of(files_)) {
    if (polls_) break;
    auto folder = make_handle(loop_, uv_fs_event_init);
    folder->data = this;
    const int error = uv_fs_event_start(
        folder.get(),
        [](uv_fs_event_t* handle, const char*, int, int) { static_cast<SaveEvents*>(handle->data)->look_soon(); },
        path.c_str(), 0);
    std::error_code ignored;
    if (error != 0 && std::filesystem::exists(path, ignored)) polls_ = true;  // no watches left, or not supported
    folders_.push_back(std::move(folder));
  }
  if (polls_) {
    uv_timer_start(
        timer_.get(), [](uv_timer_t* timer) { static_cast<SaveEvents*>(timer->data)->look(); }, poll_ms, poll_ms);
  }
}

// Not put off by further events: a folder in which something is written all the time must not hide a save.
void SaveEvents::look_soon() {
  if (polls_ || uv_is_active(reinterpret_cast<uv_handle_t*>(timer_.get())) != 0) return;
  uv_timer_start(
      timer_.get(), [](uv_timer_t* timer) { static_cast<SaveEvents*>(timer->data)->look(); }, settle_ms, 0);
}

void SaveEvents::look() {
  auto folders = facts_of_folders();
  if (folders != last_folders_) {
    last_folders_ = std::move(folders);
    listen();     // a folder that was made again has to be watched again
    look_soon();  // for what was saved in it before that came into force
  }
  auto files = facts_of_files();
  if (files == last_files_) return;
  last_files_ = std::move(files);
  on_save_();
}

std::string SaveEvents::facts_of_files() const {
  std::string text;
  for (const auto& file : files_) {
    struct stat facts {};
    if (stat(file.c_str(), &facts) != 0)
      text += "-;";
    else
      text += fmt::format("{}:{}:{}.{};", facts.st_ino, facts.st_size, facts.st_mtim.tv_sec, facts.st_mtim.tv_nsec);
  }
  return text;
}

std::string SaveEvents::facts_of_folders() const {
  std::string text;
  for (const auto& folder : folders_of(files_)) {
    struct stat facts {};
    text += stat(folder.c_str(), &facts) != 0 ? "-;" : fmt::format("{}:{};", facts.st_dev, facts.st_ino);
  }
  return text;
}

}  // namespace runner
