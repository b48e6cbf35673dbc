#include "process_facts.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace support {
namespace {

std::string folder_of(pid_t process) { return "/proc/" + std::to_string(process); }

// Empty when there is no such file (any more).
std::string contents(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return {};
  std::string text;
  char part[2048];
  ssize_t count = 0;
  while ((count = ::read(file, part, sizeof part)) > 0) text.append(part, static_cast<std::size_t>(count));
  ::close(file);
  return text;
}

// The entries of a folder that are numbers; false when it cannot be read.
bool read_numbers(const std::string& path, std::vector<int>& numbers) {
  const std::unique_ptr<DIR, int (*)(DIR*)> folder{::opendir(path.c_str()), ::closedir};
  if (!folder) return false;
  while (const dirent* entry = ::readdir(folder.get())) {
    if (entry->d_name[0] == '.') continue;
    const int number = std::atoi(entry->d_name);
    if (number != ::dirfd(folder.get()) || path != folder_of(::getpid()) + "/fd") numbers.push_back(number);
  }
  return true;
}

std::vector<int> numbers_in(pid_t process, const char* name) {
  std::vector<int> numbers;
  if (!read_numbers(folder_of(process) + name, numbers)) {
    throw std::runtime_error("process " + std::to_string(process) + " is not there: " + std::strerror(errno));
  }
  return numbers;
}

// A thread that blocks every signal that can be blocked is none that a C++ program starts.
bool belongs_to_sanitizer(const std::string& task) {
  const std::string status = contents(task + "/status");
  const std::size_t at = status.find("SigBlk:\t");
  if (at == status.npos) return false;
  const unsigned long long blocked = std::strtoull(status.c_str() + at + 8, nullptr, 16);
  return (blocked & 0x7fffbeff) == 0x7ffabeff || (blocked | 0x80040100) == ~0ULL;
}

}  // namespace

int count_descriptors(pid_t process) { return static_cast<int>(numbers_in(process, "/fd").size()); }

int count_threads(pid_t process) {
  int count = 0;
  for (const int thread : numbers_in(process, "/task")) {
    if (!belongs_to_sanitizer(folder_of(process) + "/task/" + std::to_string(thread))) ++count;
  }
  return count;
}

std::chrono::milliseconds cpu_time(pid_t process) {
  clockid_t clock{};
  timespec time{};
  if (::clock_getcpuclockid(process, &clock) != 0 || ::clock_gettime(clock, &time) != 0) {
    throw std::runtime_error("process " + std::to_string(process) + " is not there");
  }
  return std::chrono::milliseconds{time.tv_sec * 1000 + time.tv_nsec / 1'000'000};
}

bool is_at_rest(pid_t process) {
  std::vector<int> threads;
  if (!read_numbers(folder_of(process) + "/task", threads)) return true;
  for (const int thread : threads) {
    const std::string task = folder_of(process) + "/task/" + std::to_string(thread);
    const std::string stat = contents(task + "/stat");  // "123 (name) S …"; the name may contain anything
    const std::size_t name_end = stat.rfind(") ");
    if (name_end == stat.npos) continue;
    if (std::strchr("SZX", stat[name_end + 2]) == nullptr) return false;
    if (!contents(task + "/children").empty()) return false;
  }
  return true;
}

}  // namespace support
