// What this program itself prints on stderr.
#pragma once

#include "system/descriptor.hpp"

#include <string>

namespace support {

// Keeps what is printed while it lives, one object at a time. What std::terminate says, and what a sanitizer reports,
// is not kept, but printed.
class CapturedStderr {
 public:
  CapturedStderr();
  ~CapturedStderr();
  CapturedStderr(const CapturedStderr&) = delete;
  CapturedStderr& operator=(const CapturedStderr&) = delete;

  // What has been printed until now.
  std::string text() const;

 private:
  Descriptor kept_;
  Descriptor before_;
};

}  // namespace support
