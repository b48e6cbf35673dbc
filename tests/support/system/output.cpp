#include "system/output.hpp"

#include <algorithm>

namespace support {
namespace {

constexpr std::size_t kept_of_each = std::size_t{32} * 1024;
constexpr int reads_at_once = 16;

}  // namespace

void Excerpt::add(std::string_view bytes) {
  const std::size_t to_head = std::min(bytes.size(), kept_of_each - head_.size());
  head_ += bytes.substr(0, to_head);
  tail_ += bytes.substr(to_head);
  if (tail_.size() > 2 * kept_of_each) {
    left_out_ += tail_.size() - kept_of_each;
    tail_.erase(0, tail_.size() - kept_of_each);
  }
}

std::string Excerpt::text() const {
  if (left_out_ == 0) return head_ + tail_;
  return head_ + "\n… " + std::to_string(left_out_) + " bytes left out …\n" + tail_;
}

Output::Output(Descriptor read_end) : read_end_{std::move(read_end)} {
  check(::fcntl(read_end_.number(), F_SETFL, O_NONBLOCK), "fcntl");
}

bool Output::drain() {
  const std::lock_guard lock{mutex_};
  char part[16 * 1024];
  for (int i = 0; i < reads_at_once && open_; ++i) {
    const ssize_t count = ::read(read_end_.number(), part, sizeof part);
    if (count > 0) {
      excerpt_.add({part, static_cast<std::size_t>(count)});
    } else if (count == 0) {
      open_ = false;
    } else if (errno != EINTR) {
      break;
    }
  }
  return open_;
}

std::string Output::text() {
  drain();
  const std::lock_guard lock{mutex_};
  return excerpt_.text();
}

}  // namespace support
