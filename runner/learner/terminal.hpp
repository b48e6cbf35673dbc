#pragma once

#include <uv.h>

#include <functional>
#include <string>
#include <vector>

namespace runner {

enum class Key { none, character, up, down, page_up, page_down, home, end, enter, escape, interrupt, suspend };

struct KeyPress {
  Key key = Key::none;
  char letter = 0;  // of Key::character
};

/// The keys in what a terminal sent; an escape sequence may come in one piece only.
std::vector<KeyPress> read_keys(std::string_view bytes);

/// The terminal while the runner has it: raw keys, the alternate screen, no cursor. It is given back in the destructor,
/// and also when the program crashes.
class Terminal {
 public:
  /// `screen`: draw frames in place; else lines are only added (dumb terminals).
  Terminal(uv_loop_t& loop, bool screen, std::function<void(KeyPress)> on_key);
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  int columns() const;
  int rows() const;
  /// Shows `lines` in place of what was there, cut at the last row.
  void draw(const std::vector<std::string>& lines);
  /// Gives the terminal back and stops the process, as Ctrl-Z does elsewhere; takes the terminal again afterwards.
  void suspend();
  /// Takes the terminal again: somebody else has set its modes, or drawn on it.
  void resume();
  /// Gives the terminal back and ends reading keys, so that the loop can end.
  void close();

 private:
  uv_tty_t input_{};
  bool screen_;
  std::function<void(KeyPress)> on_key_;
  char chunk_[256];
};

}  // namespace runner
