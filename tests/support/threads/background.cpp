#include "threads/background.hpp"

#include <thread>

namespace support {

struct Background::Thread {
  std::thread thread;
};

Background::Background(void (*call)(const void*), const void* argument)
    : thread_{*new Thread{std::thread{call, argument}}} {}

Background::~Background() {
  thread_.thread.join();
  delete &thread_;
}

}  // namespace support
