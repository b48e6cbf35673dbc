// What another program writes into a pipe.
#pragma once

#include "system/descriptor.hpp"

#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>

namespace support {

// Keeps the beginning and the end of a text of any length, 32 KiB of each.
class Excerpt {
 public:
  void add(std::string_view bytes);
  std::string text() const;

 private:
  std::string head_;
  std::string tail_;
  std::size_t left_out_ = 0;
};

// Reads a pipe without ever waiting, so that a flood neither blocks its writer nor fills memory. Any thread may ask.
class Output {
 public:
  explicit Output(Descriptor read_end);

  int descriptor() const { return read_end_.number(); }

  // Reads what is there (not more than a few pipes full, so that a flood cannot hold the reader); false at the end.
  bool drain();

  // What has come until now.
  std::string text();

 private:
  Descriptor read_end_;
  std::mutex mutex_;  // guards what follows
  Excerpt excerpt_;
  bool open_ = true;
};

}  // namespace support
