#include "system/terminal_size.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>

namespace runner {

int output_width() {
  winsize size{};
  const bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? std::max<int>(size.ws_col, 20) : 80;
}

}  // namespace runner
