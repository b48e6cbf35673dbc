#include "learner/terminal.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <string_view>
#include <utility>

#include "system/interrupt.hpp"
#include "text/text.hpp"

namespace runner {
namespace {

// ?2004: the terminal marks what is pasted.
constexpr std::string_view enter_screen = "\033[?1049h\033[?25l\033[?2004h\033[2J";
constexpr std::string_view leave_screen = "\033[?2004l\033[?25h\033[?1049l";
constexpr std::string_view paste_begins = "\033[200~";
constexpr std::string_view paste_ends = "\033[201~";
constexpr std::size_t most_typed_at_once = 16;  // bytes
constexpr int rest_of_paste_ms = 30;            // until the terminal's next piece, at most
constexpr int most_pieces = 1000;
std::atomic<bool> on_screen{false};  // what a crash has to undo

void write_all(std::string_view text) {
  while (!text.empty()) {
    const auto count = ::write(STDOUT_FILENO, text.data(), text.size());
    if (count < 0 && errno != EINTR && errno != EAGAIN) return;
    if (count > 0) text.remove_prefix(static_cast<std::size_t>(count));
  }
}

// Async-signal-safe, as uv_tty_reset_mode is.
void restore() {
  uv_tty_reset_mode();
  if (on_screen.exchange(false)) write_all(leave_screen);
}

// What is typed or pasted, and still on its way: the shell would take it for commands.
void drop_input() {
  pollfd input{STDIN_FILENO, POLLIN, 0};
  char piece[4096];
  for (int i = 0; i < most_pieces && poll(&input, 1, rest_of_paste_ms) > 0; ++i) {
    if ((input.revents & POLLIN) == 0 || ::read(STDIN_FILENO, piece, sizeof piece) <= 0) return;
  }
}

struct Sequence {
  std::string_view bytes;
  Key key;
};

constexpr Sequence sequences[] = {
    {"\033[A", Key::up},       {"\033[B", Key::down},       {"\033OA", Key::up},    {"\033OB", Key::down},
    {"\033[5~", Key::page_up}, {"\033[6~", Key::page_down}, {"\033[H", Key::home},  {"\033[F", Key::end},
    {"\033[1~", Key::home},    {"\033[4~", Key::end},       {"\033OH", Key::home},  {"\033OF", Key::end},
    {"\003", Key::interrupt},  {"\004", Key::interrupt},    {"\032", Key::suspend}, {"\r", Key::enter},
    {"\n", Key::enter},        {"\033[C", Key::right},      {"\033[D", Key::left},  {"\033OC", Key::right},
    {"\033OD", Key::left},
};

// Keys in bytes that hold no pasted text.
void read_keys(std::string_view bytes, std::vector<KeyPress>& keys) {
  while (!bytes.empty()) {
    const auto known =
        std::ranges::find_if(sequences, [&](const Sequence& each) { return bytes.starts_with(each.bytes); });
    std::size_t length = 1;
    if (known != std::end(sequences)) {
      keys.push_back({known->key});
      length = known->bytes.size();
    } else if (bytes == "\033") {
      keys.push_back({Key::escape});
    } else if (bytes.starts_with("\033[") || bytes.starts_with("\033O")) {
      const auto is_final = [](char letter) { return letter >= '@' && letter <= '~'; };
      const auto end = std::find_if(bytes.begin() + 2, bytes.end(), is_final);  // of a key that means nothing here
      length = std::min(static_cast<std::size_t>(end - bytes.begin()) + 1, bytes.size());
    } else if (bytes[0] > 31 && bytes[0] < 127) {
      keys.push_back({Key::character, bytes[0]});
    }
    bytes.remove_prefix(length);
  }
}

// A key that is held down repeats one letter, and nobody types this much between two looks.
bool is_typed(std::string_view bytes) {
  const auto is_text = [](char letter) { return letter != '\033' && letter != 3 && letter != 4 && letter != 26; };
  if (bytes.size() <= most_typed_at_once || !std::ranges::all_of(bytes, is_text)) return true;
  return bytes.find_first_not_of(bytes[0]) == std::string_view::npos;
}

}  // namespace

std::vector<KeyPress> KeyReader::read(std::string_view bytes) {
  std::vector<KeyPress> keys;
  unmarked_ = false;
  while (!bytes.empty()) {
    if (!pasting_) {
      const auto begin = bytes.find(paste_begins);
      const auto before = bytes.substr(0, begin);
      const bool typed = is_typed(before);
      if (typed)
        read_keys(before, keys);
      else
        keys.push_back({Key::paste});
      pasting_ = begin != std::string_view::npos;
      unmarked_ = !typed && !pasting_;
      if (!pasting_) break;
      bytes.remove_prefix(begin + paste_begins.size());
      continue;
    }
    pasted_.append(bytes);
    const auto end = pasted_.find(paste_ends);
    if (end == std::string::npos) {
      if (pasted_.size() >= paste_ends.size()) pasted_.erase(0, pasted_.size() - paste_ends.size() + 1);
      break;
    }
    bytes.remove_prefix(bytes.size() - (pasted_.size() - end - paste_ends.size()));
    pasted_.clear();
    pasting_ = false;
    keys.push_back({Key::paste});
  }
  return keys;
}

Terminal::Terminal(uv_loop_t& loop, bool screen, std::function<void(KeyPress)> on_key)
    : screen_(screen), on_key_(std::move(on_key)), input_(make_handle(loop, uv_tty_init, STDIN_FILENO, 0)) {
  input_->data = this;
  undo_at_crash(restore);
  resume();
  uv_read_start(
      reinterpret_cast<uv_stream_t*>(input_.get()),
      [](uv_handle_t* handle, std::size_t, uv_buf_t* buffer) {
        auto& chunk = static_cast<Terminal*>(handle->data)->chunk_;
        *buffer = uv_buf_init(chunk.data(), static_cast<unsigned>(chunk.size()));
      },
      [](uv_stream_t* stream, ssize_t count, const uv_buf_t* buffer) {
        auto* self = static_cast<Terminal*>(stream->data);
        if (count < 0) return self->on_key_({Key::interrupt});  // the terminal was closed
        const auto keys = self->keys_.read({buffer->base, static_cast<std::size_t>(count)});
        if (self->keys_.more_may_come()) drop_input();
        for (const auto key : keys) self->on_key_(key);
      });
}

Terminal::~Terminal() {
  drop_input();  // as long as it is not echoed
  restore();     // before the descriptor that libuv remembers is closed
}

void Terminal::resume() {
  uv_tty_set_mode(input_.get(), UV_TTY_MODE_NORMAL);  // libuv does nothing if it thinks that the mode is set
  uv_tty_set_mode(input_.get(), UV_TTY_MODE_RAW);
  if (!screen_) return;
  write_all(enter_screen);
  on_screen = true;
}

void Terminal::suspend() {
  drop_input();
  restore();
  raise(SIGTSTP);
  resume();
}

Window Terminal::window() const {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) size = {};
  const auto or_usual = [](int wanted, int usual) { return wanted == 0 ? usual : wanted; };
  return {std::max(or_usual(size.ws_col, 80), 20), std::max(or_usual(size.ws_row, 24), 6)};
}

void Terminal::draw(const std::vector<std::string>& lines) {
  if (screen_ != on_screen) return;  // a crash has given it back
  if (!screen_) return write_all(join(lines, "\r\n") + "\r\n");
  const auto [columns, rows] = window();
  std::vector<std::string> cut;
  for (const auto& line : lines) cut.push_back(cut_to_width(line, columns) + "\033[K");
  cut.resize(std::min(cut.size(), static_cast<std::size_t>(rows)));
  write_all("\033[?2026h\033[H" + join(cut, "\r\n") + "\033[J\033[?2026l");
}

}  // namespace runner
