#pragma once

#include <uv.h>

#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "course/lesson.hpp"
#include "learner/commands.hpp"
#include "learner/terminal.hpp"
#include "system/save_events.hpp"

namespace runner {

/// Watch mode: one stage at a time on the screen, checked at each save. What it does at a key, how it draws and how it
/// serves stand in files of their own.
class Watch {
 public:
  Watch(Context& context, const Stage& stage);

  /// Until the learner quits; the exit code.
  int operator()();

  /// What is left on the terminal after the screen is gone.
  std::string farewell() const;

 private:
  enum class View { stage, text, list };

  uv_loop_t& loop() { return *uv_default_loop(); }
  const Stage& stage() const { return context_.course.stages()[index_]; }
  const Lesson* lesson() const { return lesson_ ? &*lesson_ : nullptr; }

  void enter();
  void start_check();
  void build_support_meanwhile();
  void stop_building_support();
  // Another thread has something to tell.
  void woken();
  // After Ctrl-Z, or `kill -STOP`.
  void go_on();
  void quit();

  // At a key: watch_keys.cpp
  void press(KeyPress pressed);
  void press_on_stage(KeyPress pressed);
  void press_on_list(KeyPress pressed);
  void press_on_text(KeyPress pressed);
  static bool leaves(KeyPress pressed);
  bool scrolled(KeyPress pressed);
  void move(bool possible, std::size_t index, std::string_view otherwise);
  void next_hint();
  void open(char key, std::vector<std::string> lines);
  void show_full_text();
  void show_difference();

  // watch_serve.cpp
  void start_serving();
  void stop_serving();

  // watch_draw.cpp
  std::string activity();
  std::vector<std::string> body(int width);
  std::vector<std::string> foot(int width);
  void draw();

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
  std::vector<std::string> below_;  // stages that this one stands on, and that are not done
  int hints_ = 0;
  bool checking_ = false;
  bool told_early_ = false;  // what to mend, by the check under way
  bool again_ = false;       // saved once more during a check
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
  std::optional<Verdict> first_failure_;
  bool found_untouched_ = false;
  std::string server_says_;
  bool server_ended_ = false;
  std::stop_source check_stop_;
  std::stop_source serve_stop_;
  std::jthread checker_;
  std::jthread server_;
  std::jthread support_builder_;
};

}  // namespace runner
