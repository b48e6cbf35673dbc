#pragma once

#include <uv.h>

#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "system/uv_handle.hpp"

namespace runner {

enum class Key {
  none,
  character,
  up,
  down,
  left,
  right,
  page_up,
  page_down,
  home,
  end,
  enter,
  escape,
  interrupt,
  suspend,
  paste
};

struct KeyPress {
  Key key = Key::none;
  char letter = 0;  // of Key::character
};

/// The keys in what a terminal sends. Pasted text, of any length, is one Key::paste at its end and no other key:
/// between the marks that the terminal puts around it (bracketed paste), or, where it puts none, more at once than
/// anybody types.
class KeyReader {
 public:
  /// An escape sequence other than a paste's marks may come in one piece only.
  std::vector<KeyPress> read(std::string_view bytes);
  /// The last bytes were pasted, and nothing will mark the end.
  bool more_may_come() const { return unmarked_; }

 private:
  std::string pasted_;  // its last bytes, which may be the beginning of its end
  bool pasting_ = false;
  bool unmarked_ = false;
};

struct Window {
  int columns;
  int rows;
};

/// The terminal while the runner has it: raw keys, the alternate screen, no cursor, pasted text told from keys. It is
/// given back in the destructor, and also when the program crashes; what was typed or pasted meanwhile is not left to
/// the shell.
class Terminal {
 public:
  /// `screen`: draw frames in place; else lines are only added (dumb terminals).
  Terminal(uv_loop_t& loop, bool screen, std::function<void(KeyPress)> on_key);
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  Window window() const;
  /// Shows `lines` in place of what was there, cut at the last row.
  void draw(const std::vector<std::string>& lines);
  /// Gives the terminal back and stops the process, as Ctrl-Z does elsewhere; takes the terminal again afterwards.
  void suspend();
  /// Takes the terminal again: somebody else has set its modes, or drawn on it.
  void resume();

 private:
  bool screen_;
  std::function<void(KeyPress)> on_key_;
  KeyReader keys_;
  std::array<char, 4096> chunk_{};
  Handle<uv_tty_t> input_;
};

}  // namespace runner
