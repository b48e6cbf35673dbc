#include "save_events.hpp"

#include <fmt/core.h>
#include <sys/stat.h>

#include <set>

#include "doctor.hpp"

namespace runner {
namespace {

constexpr std::uint64_t settle_ms = 15;  // editors save in several steps
constexpr std::uint64_t poll_ms = 500;

}  // namespace

struct SaveEvents::Folder {
  uv_fs_event_t handle{};
  std::filesystem::path path;
};

SaveEvents::SaveEvents(uv_loop_t& loop, std::function<void()> on_save) : loop_(loop), on_save_(std::move(on_save)) {
  uv_timer_init(&loop_, &timer_);
  timer_.data = this;
}

SaveEvents::~SaveEvents() = default;

void SaveEvents::watch(std::vector<std::filesystem::path> files) {
  files_ = std::move(files);
  last_ = signature();
  listen();
}

// Folders are watched, not files: a file that is renamed over another one is a new file. Their parents too, since a
// folder may be deleted and made again.
void SaveEvents::listen() {
  for (auto& folder : folders_) {
    auto* raw = folder.release();
    raw->handle.data = raw;
    uv_close(reinterpret_cast<uv_handle_t*>(&raw->handle),
             [](uv_handle_t* handle) { delete static_cast<Folder*>(handle->data); });
  }
  folders_.clear();
  uv_timer_stop(&timer_);
  std::set<std::filesystem::path> wanted;
  for (const auto& file : files_) {
    wanted.insert(file.parent_path());
    wanted.insert(file.parent_path().parent_path());
  }
  polls_ = false;
  for (const auto& path : wanted) {
    auto folder = std::make_unique<Folder>();
    folder->path = path;
    uv_fs_event_init(&loop_, &folder->handle);
    folder->handle.data = this;
    const int error = uv_fs_event_start(
        &folder->handle,
        [](uv_fs_event_t* handle, const char*, int, int) {
          auto* self = static_cast<SaveEvents*>(handle->data);
          uv_timer_start(
              &self->timer_, [](uv_timer_t* timer) { static_cast<SaveEvents*>(timer->data)->look(); }, settle_ms,
              self->polls_ ? poll_ms : 0);
        },
        path.c_str(), 0);
    std::error_code ignored;
    if (error != 0 && std::filesystem::exists(path, ignored)) polls_ = true;  // no watches left, or not supported
    folders_.push_back(std::move(folder));
  }
  polls_ = polls_ || (!files_.empty() && !has_file_events(files_.front().parent_path().parent_path()));
  if (polls_) {
    uv_timer_start(
        &timer_, [](uv_timer_t* timer) { static_cast<SaveEvents*>(timer->data)->look(); }, poll_ms, poll_ms);
  }
}

void SaveEvents::look() {
  auto now = signature();
  if (now == last_) return;
  last_ = std::move(now);
  listen();       // a folder that was made again has to be watched again
  if (!polls_) {  // what was saved before that came into force
    uv_timer_start(
        &timer_, [](uv_timer_t* timer) { static_cast<SaveEvents*>(timer->data)->look(); }, settle_ms, 0);
  }
  on_save_();
}

std::string SaveEvents::signature() const {
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

void SaveEvents::close() {
  files_.clear();
  listen();
  auto* handle = reinterpret_cast<uv_handle_t*>(&timer_);
  if (!uv_is_closing(handle)) uv_close(handle, nullptr);
}

}  // namespace runner
