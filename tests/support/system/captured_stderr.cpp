#include "system/captured_stderr.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <exception>

// Of the sanitizers, if one is there: where its reports go.
// NOLINTNEXTLINE(bugprone-reserved-identifier, readability-identifier-naming)
extern "C" __attribute__((weak)) void __sanitizer_set_report_fd(void* descriptor);

namespace support {
namespace {

// For the handler of std::terminate, which can be given nothing.
int kept = -1;
int before = -1;
std::terminate_handler handler_before = nullptr;

void reports_go_to(int descriptor) {
  // NOLINTNEXTLINE(performance-no-int-to-ptr): so its interface wants it
  if (__sanitizer_set_report_fd != nullptr) __sanitizer_set_report_fd(reinterpret_cast<void*>(intptr_t{descriptor}));
}

std::string all_of(int file) {
  std::string text;
  char part[1024];
  for (ssize_t count; (count = ::pread(file, part, sizeof part, static_cast<off_t>(text.size()))) > 0;) {
    text.append(part, static_cast<std::size_t>(count));
  }
  return text;
}

[[noreturn]] void print_what_was_kept() {
  const std::string text = all_of(kept);
  ::dup2(before, STDERR_FILENO);
  if (::write(STDERR_FILENO, text.data(), text.size()) >= 0) handler_before();
  std::abort();
}

}  // namespace

CapturedStderr::CapturedStderr()
    : kept_{check(::memfd_create("stderr", MFD_CLOEXEC), "memfd_create")},
      before_{check(::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0), "fcntl")} {
  kept = kept_.number();
  before = before_.number();
  reports_go_to(before);
  handler_before = std::set_terminate(print_what_was_kept);
  check(::dup2(kept, STDERR_FILENO), "dup2");
}

CapturedStderr::~CapturedStderr() {
  ::dup2(before, STDERR_FILENO);
  std::set_terminate(handler_before);
  reports_go_to(STDERR_FILENO);
}

std::string CapturedStderr::text() const {
  return all_of(kept_.number());
}

}  // namespace support
