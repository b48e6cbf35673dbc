#include "course/progress.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>

#include "course/progress_text.hpp"
#include "text/text.hpp"

namespace runner {
namespace {

constexpr std::size_t largest = 1 << 20;  // bytes of a file that can be a progress file

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(); }

  int get() const { return fd_; }
  bool ok() const { return fd_ >= 0; }
  bool close() {
    const bool closed = fd_ < 0 || ::close(fd_) == 0;
    fd_ = -1;
    return closed;
  }

 private:
  int fd_;
};

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

std::string last_error() {
  return std::strerror(errno);
}

// Held while the file is read and replaced. A file system that cannot lock a folder leaves us with last-wins.
class Lock {
 public:
  explicit Lock(const std::string& folder) : folder_(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    while (folder_.ok() && flock(folder_.get(), LOCK_EX) != 0 && errno == EINTR) {
    }
  }

  // So that a rename outlives a power cut.
  void sync() const {
    if (folder_.ok()) fsync(folder_.get());
  }

 private:
  Descriptor folder_;
};

enum class Found { missing, text, unreadable };

Found read_all(const std::string& path, std::string& text) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.ok()) return errno == ENOENT ? Found::missing : Found::unreadable;
  char piece[4096];
  while (text.size() <= largest) {
    const auto count = read(file.get(), piece, sizeof piece);
    if (count == 0) return Found::text;
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Found::unreadable;
    text.append(piece, static_cast<std::size_t>(count));
  }
  errno = EFBIG;
  return Found::unreadable;
}

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const auto count = write(file, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

// A name beside `path` that is free: "progress.damaged-1".
std::string free_name(const std::string& path) {
  for (int number = 1;; ++number) {
    std::string name = fmt::format("{}.damaged-{}", path, number);
    struct stat ignored {};
    if (lstat(name.c_str(), &ignored) != 0) return name;
  }
}

StageMarks& marks_of(Progress& progress, std::string_view stage) {
  for (auto& marks : progress.stages) {
    if (marks.stage == stage) return marks;
  }
  progress.stages.push_back({std::string(stage), {}, 0});
  return progress.stages.back();
}

}  // namespace

Progress ProgressFile::load() {
  std::string text;
  const Found found = read_all(path_, text);
  if (found == Found::missing) return {};
  std::string why = found == Found::unreadable ? last_error() : std::string{};
  ProgressText read = read_progress(found == Found::text ? text : std::string{});
  if (why.empty() && read.damaged_line == 0) return std::move(read.progress);

  if (why.empty()) why = fmt::format("line {} cannot be read", read.damaged_line);
  const std::string aside = free_name(path_);
  if (rename(path_.c_str(), aside.c_str()) != 0) {
    problem_ = fmt::format("Your progress in {} cannot be read ({}), nor set aside: {}.", path_, why, last_error());
    return std::move(read.progress);
  }
  problem_ = fmt::format("Your progress was damaged ({}). It is kept as {}.", why, aside);
  save(read.progress);
  return std::move(read.progress);
}

void ProgressFile::save(const Progress& progress) {
  mkdir(folder_of(path_).c_str(), 0755);  // mostly it is there
  // Its own name for each process: where locks do nothing two writers must not share one.
  const std::string temporary = fmt::format("{}.new-{}", path_, getpid());
  Descriptor file(open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  const bool written = file.ok() && write_all(file.get(), progress_text(progress)) && fsync(file.get()) == 0 &&
                       file.close() && rename(temporary.c_str(), path_.c_str()) == 0;
  if (written) return;
  const std::string why = last_error();
  unlink(temporary.c_str());
  if (!problem_.empty()) problem_ += ' ';
  problem_ += fmt::format("Your progress cannot be saved in {}: {}.", path_, why);
}

template <class Change>
Progress ProgressFile::change(const Change& apply) {
  problem_.clear();
  const Lock lock(folder_of(path_));
  Progress progress = load();
  const std::string before = progress_text(progress);
  apply(progress);
  if (progress_text(progress) != before) {
    save(progress);
    lock.sync();
  }
  return progress;
}

Progress ProgressFile::read() {
  return change([](Progress&) {});
}

Progress ProgressFile::mark_done(std::string_view stage, std::string_view date) {
  return change([&](Progress& progress) {
    auto& marks = marks_of(progress, stage);
    if (marks.done.empty()) marks.done = date;
  });
}

Progress ProgressFile::mark_hints(std::string_view stage, int revealed) {
  return change([&](Progress& progress) {
    if (revealed <= progress.hints(stage)) return;
    marks_of(progress, stage).hints = revealed;
  });
}

Progress ProgressFile::mark_current(std::string_view stage) {
  return change([&](Progress& progress) { progress.current = stage; });
}

Progress ProgressFile::mark_not_done(std::string_view stage) {
  return change([&](Progress& progress) {
    if (progress.find(stage) != nullptr) marks_of(progress, stage).done.clear();
  });
}

std::string today() {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  return fmt::format("{:04}-{:02}-{:02}", local.tm_year + 1900, local.tm_mon + 1, local.tm_mday);
}

}  // namespace runner
