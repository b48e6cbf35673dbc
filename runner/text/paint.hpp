#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "text/markdown.hpp"

namespace runner {

/// Colours and links, or nothing at all: for pipes, NO_COLOR (https://no-color.org) and dumb terminals.
class Paint {
 public:
  Paint() = default;
  Paint(bool colours, bool links) : colours_(colours), links_(links) {}
  /// What the output behind `descriptor` can show, by isatty and the environment.
  static Paint for_output(int descriptor);

  std::string bold(std::string_view text) const { return wrap("1", text); }
  std::string dim(std::string_view text) const { return wrap("2", text); }
  std::string red(std::string_view text) const { return wrap("1;31", text); }
  std::string green(std::string_view text) const { return wrap("1;32", text); }
  std::string yellow(std::string_view text) const { return wrap("33", text); }
  std::string cyan(std::string_view text) const { return wrap("36", text); }
  std::string inverse(std::string_view text) const { return colours_ ? wrap("7", text) : std::string(text); }
  /// `text` as a link (OSC 8) to a file below `root`.
  std::string link(const std::filesystem::path& root, std::string_view file, std::string_view text) const;

  /// For markdown: headings bold, code in colour.
  Marks marks() const;
  bool colours() const { return colours_; }

 private:
  std::string wrap(std::string_view code, std::string_view text) const;
  bool colours_ = false;
  bool links_ = false;
};

}  // namespace runner
