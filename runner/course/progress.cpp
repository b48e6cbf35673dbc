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
#include <optional>
#include <system_error>

#include "course/progress_text.hpp"
#include "system/files.hpp"

namespace runner {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t largest = 1 << 20;  // bytes of a file that can be a progress file

// Held while the file is read and replaced. A file system that cannot lock a folder leaves us with last-wins.
class Lock {
 public:
  explicit Lock(const fs::path& folder) : folder_(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    while (folder_ >= 0 && flock(folder_, LOCK_EX) != 0 && errno == EINTR) {
    }
  }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;
  ~Lock() {
    if (folder_ >= 0) close(folder_);
  }

  // So that a rename outlives a power cut.
  void sync() const {
    if (folder_ >= 0) fsync(folder_);
  }

 private:
  int folder_;
};

// The text of a file, and no text of one that is not there. Nothing, and why, when it cannot be read.
std::optional<std::string> read_all(const fs::path& path, std::string& why) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  if (error == std::errc::no_such_file_or_directory) return "";
  if (!error && size > largest) error = std::make_error_code(std::errc::file_too_large);
  try {
    if (!error) return read_file(path);
  } catch (const std::system_error& failed) {
    error = failed.code();
  }
  why = error.message();
  return std::nullopt;
}

// Writes a file and waits until the disk has it; errno says why not.
bool write_all(const fs::path& path, std::string_view text) {
  std::FILE* file = std::fopen(path.c_str(), "we");
  if (file == nullptr) return false;
  const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size() && std::fflush(file) == 0 &&
                       fsync(fileno(file)) == 0;
  const int error = errno;
  const bool closed = std::fclose(file) == 0;
  if (!written) errno = error;
  return written && closed;
}

// A name beside `path` that is free: "progress.damaged-1".
fs::path free_name(const fs::path& path) {
  for (int number = 1;; ++number) {
    auto name = fs::path(path).concat(fmt::format(".damaged-{}", number));
    if (!fs::exists(fs::symlink_status(name))) return name;
  }
}

StageMarks& marks_of(Progress& progress, std::string_view stage) {
  const auto found = std::ranges::find(progress.stages, stage, &StageMarks::stage);
  return found != progress.stages.end() ? *found
                                        : progress.stages.emplace_back(StageMarks{.stage = std::string(stage)});
}

}  // namespace

Progress ProgressFile::load() {
  std::string why;
  const auto text = read_all(path_, why);
  auto [progress, damaged_line] = read_progress(text.value_or(""));
  if (text && damaged_line == 0) return progress;

  if (text) why = fmt::format("line {} cannot be read", damaged_line);
  const auto aside = free_name(path_);
  std::error_code error;
  fs::rename(path_, aside, error);
  if (error) {
    problem_ = fmt::format("Your progress in {} cannot be read ({}), nor set aside: {}.", path_.string(), why,
                           error.message());
  } else {
    problem_ = fmt::format("Your progress was damaged ({}). It is kept as {}.", why, aside.string());
    save(progress);
  }
  return progress;
}

void ProgressFile::save(const Progress& progress) {
  mkdir(path_.parent_path().c_str(), 0755);  // mostly it is there
  // Its own name for each process: where locks do nothing two writers must not share one.
  const auto temporary = fs::path(path_).concat(fmt::format(".new-{}", getpid()));
  if (write_all(temporary, progress_text(progress)) && rename(temporary.c_str(), path_.c_str()) == 0) return;
  const std::string why = std::strerror(errno);
  unlink(temporary.c_str());
  if (!problem_.empty()) problem_ += ' ';
  problem_ += fmt::format("Your progress cannot be saved in {}: {}.", path_.string(), why);
}

template <class Change>
Progress ProgressFile::change(const Change& apply) {
  problem_.clear();
  const Lock lock(path_.parent_path());
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
