#include "watch.hpp"

#include <fmt/core.h>
#include <unistd.h>
#include <uv.h>

#include <algorithm>
#include <cstdlib>
#include <mutex>
#include <optional>
#include <thread>

#include "interrupt.hpp"
#include "process.hpp"
#include "save_events.hpp"
#include "screen.hpp"
#include "serve.hpp"
#include "shipped.hpp"
#include "terminal.hpp"
#include "text.hpp"

namespace runner {
namespace {

enum class View { stage, text, list };

class Watch {
 public:
  Watch(Context& context, const Stage& stage)
      : context_(context), index_(context.course.index_of(stage)), saves_(loop(), [this] { start_check(); }) {
    const char* term = std::getenv("TERM");
    const std::string_view name = term != nullptr ? term : "dumb";
    screen_ = name != "dumb" && !name.empty();
    uv_async_init(&loop(), &wake_, [](uv_async_t* handle) { static_cast<Watch*>(handle->data)->woken(); });
    wake_.data = this;
    uv_signal_init(&loop(), &resized_);
    resized_.data = this;
    uv_signal_start(
        &resized_, [](uv_signal_t* handle, int) { static_cast<Watch*>(handle->data)->draw(); }, SIGWINCH);
    uv_signal_init(&loop(), &continued_);
    continued_.data = this;
    uv_signal_start(
        &continued_, [](uv_signal_t* handle, int) { static_cast<Watch*>(handle->data)->go_on(); }, SIGCONT);
  }

  int operator()() {
    Terminal terminal(loop(), screen_, [this](KeyPress key) { press(key); });
    terminal_ = &terminal;
    const std::stop_callback on_interrupt(context_.stop, [this] { uv_async_send(&wake_); });
    enter();
    uv_run(&loop(), UV_RUN_DEFAULT);
    return interrupt_signal() != 0 ? 128 + interrupt_signal() : 0;
  }

  /// What is left on the terminal after the screen is gone.
  std::string farewell() const {
    const bool passes = verdict_ && verdict_->passes();
    return fmt::format("Stage {}, {}: {}. ./learn goes on from here.\n", index_ + 1, stage().title,
                       passes ? "passes" : "does not pass yet");
  }

 private:
  uv_loop_t& loop() { return *uv_default_loop(); }
  const Stage& stage() const { return context_.course.stages()[index_]; }
  const Lesson* lesson() const { return lesson_ ? &*lesson_ : nullptr; }

  // --- A stage: entered, checked ---

  void enter() {
    stop_serving();
    verdict_.reset();
    view_ = View::stage;
    scroll_ = 0;
    answer_asked_ = false;
    message_.clear();
    context_.progress.mark_current(stage().name);
    message_ = context_.progress.problem();
    const auto progress = context_.progress.read();
    was_done_ = progress.is_done(stage().name);
    hints_ = 0;
    std::vector<std::filesystem::path> files;
    for (const auto& [file, origin] : context_.course.origins(stage())) {
      if (origin == stage().name || context_.base_mine)
        files.push_back(context_.course.root() / "steps" / origin / file);
    }
    saves_.watch(files);
    start_check();
  }

  void start_check() {
    if (checking_) {
      again_ = true;
      check_stop_.request_stop();
      return;
    }
    std::string problem;
    lesson_ = lesson_of(context_.course, stage(), &problem);
    if (!problem.empty()) message_ = problem;
    checking_ = true;
    again_ = false;
    activity_ = "building …";
    check_stop_ = std::stop_source();
    checker_ = std::jthread([this, stop = check_stop_.get_token(), stage = &stage(), lesson = lesson_] {
      Verdict found;
      bool untouched = false;
      std::string failure;
      try {
        untouched = is_untouched(context_.course, *stage);
        auto request = step_request(*stage);
        request.on_progress = [this](int done, int all) {
          const std::lock_guard lock(mutex_);
          activity_ = fmt::format("building … {} of {}", done, all);
          uv_async_send(&wake_);
        };
        found = check(context_.build(stop), *stage, request, lesson ? &*lesson : nullptr, stop);
      } catch (const Cancelled&) {
        found.outcome = Outcome::cancelled;
      } catch (const std::exception& error) {
        found.outcome = Outcome::cannot_build;
        found.headline = error.what();
      }
      const std::lock_guard lock(mutex_);
      found_ = std::move(found);
      found_untouched_ = untouched;
      uv_async_send(&wake_);
    });
    draw();
  }

  // Another thread has something to tell.
  void woken() {
    if (context_.stop.stop_requested()) return quit();
    std::optional<Verdict> found;
    {
      const std::lock_guard lock(mutex_);
      found.swap(found_);
      untouched_ = found ? found_untouched_ : untouched_;
      if (!server_says_.empty()) serving_ = server_says_;
      if (server_ended_) serving_.clear();
    }
    if (found) {
      checker_.join();
      checking_ = false;
      if (again_) return start_check();
      if (found->outcome != Outcome::cancelled) {
        verdict_ = std::move(found);
        if (verdict_->passes()) {
          context_.progress.mark_done(stage().name, today());
          was_done_ = true;
        }
        if (view_ == View::stage) scroll_ = 0;
      }
    }
    draw();
  }

  // After Ctrl-Z, or `kill -STOP`.
  void go_on() {
    if (quitting_ || terminal_ == nullptr) return;
    terminal_->resume();
    draw();
  }

  // --- Keys ---

  void press(KeyPress pressed) {
    if (pressed.key == Key::interrupt) return quit();
    if (pressed.key == Key::suspend) terminal_->suspend();
    if (pressed.letter != 'd') answer_asked_ = false;
    message_.clear();
    if (view_ == View::stage)
      press_on_stage(pressed);
    else if (view_ == View::list)
      press_on_list(pressed);
    else
      press_on_text(pressed);
    draw();
  }

  void press_on_stage(KeyPress pressed) {
    if (scrolled(pressed)) return;
    switch (pressed.letter) {
      case 'h':
        return next_hint();
      case 'e':
        return show_full_text();
      case 'd':
        return show_difference();
      case 'l':
        view_ = View::list;
        selected_ = static_cast<int>(index_);
        return;
      case 's':
        return serving_.empty() && !starting_ ? start_serving() : stop_serving();
      case 'r':
        return start_check();
      case 'n':
        return move(index_ + 1 < context_.course.stages().size(), index_ + 1, "This is the last stage.");
      case 'p':
        return move(index_ > 0, index_ - 1, "This is the first stage.");
      case 'q':
        return quit();
      default:
        return;
    }
  }

  void press_on_list(KeyPress pressed) {
    const int last = static_cast<int>(context_.course.stages().size()) - 1;
    if (pressed.key == Key::up || pressed.letter == 'k') selected_ = std::max(0, selected_ - 1);
    if (pressed.key == Key::down || pressed.letter == 'j') selected_ = std::min(last, selected_ + 1);
    if (pressed.key == Key::home) selected_ = 0;
    if (pressed.key == Key::end) selected_ = last;
    if (pressed.key == Key::enter) {
      if (selected_ != static_cast<int>(index_)) return move(true, static_cast<std::size_t>(selected_), "");
      view_ = View::stage;
    }
    if (leaves(pressed) || pressed.letter == 'l') view_ = View::stage;
    if (view_ == View::stage) scroll_ = 0;
  }

  void press_on_text(KeyPress pressed) {
    if (scrolled(pressed)) return;
    if (leaves(pressed) || pressed.letter == opened_by_) {
      view_ = View::stage;
      scroll_ = 0;
    }
  }

  static bool leaves(KeyPress pressed) { return pressed.key == Key::escape || pressed.letter == 'q'; }

  bool scrolled(KeyPress pressed) {
    const int page = std::max(1, terminal_->rows() - 4);
    int by = 0;
    if (pressed.key == Key::up || pressed.letter == 'k') by = -1;
    if (pressed.key == Key::down || pressed.letter == 'j') by = 1;
    if (pressed.key == Key::page_up || pressed.letter == 'b') by = -page;
    if (pressed.key == Key::page_down || pressed.letter == ' ') by = page;
    if (pressed.key == Key::home || pressed.letter == 'g') by = -1'000'000;
    if (pressed.key == Key::end || pressed.letter == 'G') by = 1'000'000;
    scroll_ = std::max(0, scroll_ + by);
    return by != 0;
  }

  void move(bool possible, std::size_t index, std::string_view otherwise) {
    if (!possible) {
      message_ = otherwise;
      return;
    }
    if (checking_) check_stop_.request_stop();
    index_ = index;
    enter();
  }

  void next_hint() {
    const int count = lesson_ ? static_cast<int>(lesson_->hints.size()) : 0;
    if (hints_ == count) {
      message_ = count == 0 ? "This stage has no hints." : "That was the last hint. d compares with the solution.";
      return;
    }
    context_.progress.mark_hints(stage().name, ++hints_);
    scroll_ = 1'000'000;  // to the new hint
  }

  void open(char key, std::vector<std::string> lines) {
    opened_by_ = key;
    text_ = std::move(lines);
    view_ = View::text;
    scroll_ = 0;
  }

  void show_full_text() {
    if (!verdict_) return;
    std::vector<std::string> lines;
    const auto width = terminal_->columns();
    for (const auto& each : wrap("$ " + verdict_->command, width, "", "    "))
      lines.push_back(context_.paint.dim(each));
    lines.emplace_back();
    for (const auto line : split_lines(verdict_->full_text)) {
      // Source and its caret keep their columns; only what is too long is wrapped.
      if (width_of(line) <= width || line.find(" | ") != std::string_view::npos) {
        lines.push_back(cut_to_width(line, width));
      } else {
        for (auto& each : fold(line, width)) lines.push_back(std::move(each));
      }
    }
    open('e', std::move(lines));
  }

  void show_difference() {
    if (!(verdict_ && verdict_->passes()) && !answer_asked_) {
      answer_asked_ = true;
      message_ = "The comparison shows the answer. Press d again to see it.";
      return;
    }
    try {
      const auto diff = diff_with_solution(context_.course, stage());
      if (diff.empty())
        message_ = "Yours is the same as the solution, letter for letter.";
      else
        open('d', diff_lines(diff, context_.paint));
    } catch (const std::exception& error) {
      message_ = error.what();
    }
  }

  // --- Serving ---

  void start_serving() {
    starting_ = true;
    serving_ = "starting the server …";
    serve_stop_ = std::stop_source();
    server_ended_ = false;
    server_says_.clear();
    server_ = std::jthread([this, stop = serve_stop_.get_token(), stage = &stage()] {
      const auto tell = [this](std::string text, bool ended) {
        const std::lock_guard lock(mutex_);
        server_says_ = std::move(text);
        server_ended_ = ended;
        uv_async_send(&wake_);
      };
      try {
        std::filesystem::path program;
        if (build_server(context_.build(stop), *stage, step_request(*stage), nullptr, program, stop)) {
          return tell("There is no server to open yet: the stage has to compile first.", false);
        }
        auto command = server_command(context_.course, program, free_port(usual_port));
        command.on_output = [&](std::string_view piece) {
          const auto url = piece.find("http://");
          if (url == std::string_view::npos) return;
          const auto address = piece.substr(url, piece.find_first_of(" \r\n", url) - url);
          tell(fmt::format("Your server answers at {} (s ends it)", printable(address)), false);
        };
        const auto finished = run(command, stop);
        if (finished.end == End::cancelled) return tell("", true);
        tell(fmt::format("The server has ended {} s starts it again.", ending_in_words(finished)), false);
      } catch (const std::exception& error) {
        tell(error.what(), false);
      }
    });
  }

  void stop_serving() {
    serve_stop_.request_stop();
    if (server_.joinable()) server_.join();
    starting_ = false;
    serving_.clear();
    server_says_.clear();
  }

  // --- Drawing ---

  std::string activity() {
    const std::lock_guard lock(mutex_);
    return activity_;
  }

  std::vector<std::string> body(int width) {
    if (view_ == View::list) {
      auto lines = list_page(context_.course, context_.progress.read(), width, context_.paint, selected_);
      lines.insert(lines.begin(), {context_.paint.bold("The stages"), ""});
      scroll_ = std::max(0, selected_ + 4 - (terminal_->rows() - 2));
      return lines;
    }
    if (view_ == View::text) return text_;
    return stage_page({context_.course, stage(), lesson(), verdict_ ? &*verdict_ : nullptr, hints_, untouched_,
                       was_done_, activity()},
                      width, context_.paint);
  }

  std::vector<std::string> foot(int width) {
    std::vector<std::string> lines;
    const auto add = [&](const std::string& text) {
      if (!text.empty()) {
        for (const auto& each : wrap(text, width)) lines.push_back(context_.paint.yellow(each));
      }
    };
    add(message_);
    add(serving_);
    if (saves_.polls()) add("This file system has no file events: looking twice a second.");
    if (view_ == View::text)
      lines.push_back(context_.paint.dim("arrows, space, b scroll; q goes back"));
    else if (view_ == View::list)
      lines.push_back(context_.paint.dim("arrows choose, enter goes there, q goes back"));
    else {
      if (checking_ && verdict_) lines.push_back(context_.paint.cyan("checking again …"));
      const int hints = lesson_ ? static_cast<int>(lesson_->hints.size()) : 0;
      for (auto& each : key_lines(width, context_.paint, verdict_ && verdict_->passes(), hints, hints_)) {
        lines.push_back(std::move(each));
      }
    }
    return lines;
  }

  void draw() {
    if (terminal_ == nullptr || quitting_) return;
    const int width = terminal_->columns();
    auto lines = body(width);
    const auto bottom = foot(width);
    if (!screen_) {  // nothing is drawn in place: each finished check, and each answer to a key, is added once
      if (checking_ && view_ == View::stage) return;
      lines.insert(lines.end(), bottom.begin(), bottom.end());
      lines.emplace_back();
      return terminal_->draw(lines);
    }
    const int room = std::max(1, terminal_->rows() - static_cast<int>(bottom.size()) - 1);
    const int hidden = std::max(0, static_cast<int>(lines.size()) - room);
    scroll_ = std::min(scroll_, hidden);
    lines.erase(lines.begin(), lines.begin() + scroll_);
    if (static_cast<int>(lines.size()) > room) {
      lines.resize(static_cast<std::size_t>(room));
      lines.push_back(context_.paint.dim(fmt::format("↓ {} more: space", counted(hidden - scroll_, "line"))));
    } else {
      lines.emplace_back();
    }
    lines.insert(lines.end(), bottom.begin(), bottom.end());
    terminal_->draw(lines);
  }

  void quit() {
    if (std::exchange(quitting_, true)) return;
    check_stop_.request_stop();
    stop_serving();
    if (checker_.joinable()) checker_.join();
    terminal_->close();
    saves_.close();
    uv_close(reinterpret_cast<uv_handle_t*>(&wake_), nullptr);
    uv_close(reinterpret_cast<uv_handle_t*>(&resized_), nullptr);
    uv_close(reinterpret_cast<uv_handle_t*>(&continued_), nullptr);
  }

  Context& context_;
  std::size_t index_;
  bool screen_ = true;
  Terminal* terminal_ = nullptr;
  SaveEvents saves_;
  uv_async_t wake_{};
  uv_signal_t resized_{};
  uv_signal_t continued_{};

  std::optional<Lesson> lesson_;
  std::optional<Verdict> verdict_;
  bool untouched_ = false;
  bool was_done_ = false;
  int hints_ = 0;
  bool checking_ = false;
  bool again_ = false;  // saved once more during a check
  bool quitting_ = false;

  View view_ = View::stage;
  char opened_by_ = 0;
  std::vector<std::string> text_;
  int scroll_ = 0;
  int selected_ = 0;
  std::string message_;
  std::string serving_;
  bool starting_ = false;
  bool answer_asked_ = false;

  std::mutex mutex_;  // guards what the two threads below tell: from here to server_ended_
  std::string activity_ = "building …";
  std::optional<Verdict> found_;
  bool found_untouched_ = false;
  std::string server_says_;
  bool server_ended_ = false;
  std::stop_source check_stop_;
  std::stop_source serve_stop_;
  std::jthread checker_;
  std::jthread server_;
};

}  // namespace

int watch(Context& context, const Stage& stage) {
  Watch watch(context, stage);
  const int code = watch();
  fmt::print("{}", watch.farewell());
  return code;
}

}  // namespace runner
