#include "system/process.hpp"

#include <fmt/core.h>
#include <signal.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>
#include <uv.h>

#include <algorithm>
#include <set>

#include "system/processes.hpp"

namespace runner {
namespace {

constexpr std::size_t kept_at_each_end = 256 << 10;  // bytes of a long output that are kept, first and last
constexpr int farewell_ms = 10;                      // between two looks at processes that are about to end
constexpr int farewell_looks = 50;                   // then they count as left behind
constexpr int last_looks = 200;                      // at those that were killed

// What this thread starts meanwhile has its memory always at the same addresses (see personality(2)).
class FixedAddresses {
 public:
  explicit FixedAddresses(bool wanted) : before_(wanted ? ::personality(ask) : -1) {
    if (before_ >= 0) ::personality(static_cast<unsigned long>(before_) | ADDR_NO_RANDOMIZE);
  }
  ~FixedAddresses() {
    if (before_ >= 0) ::personality(static_cast<unsigned long>(before_));
  }
  FixedAddresses(const FixedAddresses&) = delete;
  FixedAddresses& operator=(const FixedAddresses&) = delete;

 private:
  static constexpr unsigned long ask = 0xffffffff;
  int before_;  // -1: nothing was changed
};

class Run {
 public:
  Run(const Command& command, std::stop_token stop) : command_(command), stop_(std::move(stop)) {}

  Finished operator()() {
    const auto started = uv_hrtime();
    uv_loop_init(&loop_);
    init(overrun_timer_);
    init(farewell_timer_);
    uv_async_init(&loop_, &cancel_, [](uv_async_t* handle) { self(handle).kill_all(End::cancelled); });
    cancel_.data = this;
    if (spawn()) {
      // Registered after the async handle is ready, taken down before it is closed.
      const std::stop_callback on_stop(stop_, [this] { uv_async_send(&cancel_); });
      if (command_.time_limit.count() > 0) {
        uv_timer_start(
            &overrun_timer_, [](uv_timer_t* timer) { self(timer).overrun(); },
            static_cast<std::uint64_t>(command_.time_limit.count()), 0);
      }
      uv_run(&loop_, UV_RUN_DEFAULT);
    }
    close_all();
    uv_run(&loop_, UV_RUN_DEFAULT);
    uv_loop_close(&loop_);
    result_.output = std::move(head_);
    if (dropped_ > 0) result_.output += fmt::format("\n[… {} bytes left out …]\n", dropped_);
    result_.output += tail_;
    result_.elapsed = std::chrono::microseconds((uv_hrtime() - started) / 1000);
    return std::move(result_);
  }

 private:
  template <class Handle>
  static Run& self(Handle* handle) {
    return *static_cast<Run*>(handle->data);
  }

  void init(uv_timer_t& timer) {
    uv_timer_init(&loop_, &timer);
    timer.data = this;
  }

  bool spawn() {
    uv_file output[2];
    uv_file input[2];
    if (uv_pipe(output, UV_NONBLOCK_PIPE, 0) != 0) return failed("pipe", errno);
    if (uv_pipe(input, 0, UV_NONBLOCK_PIPE) != 0) return failed("pipe", errno);
    pipe(output_, output[0]);
    pipe(input_, input[1]);

    std::vector<char*> words;
    for (const auto& word : command_.words) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    const auto variables = environment_of(command_.environment);
    std::vector<char*> pointers;
    for (const auto& variable : variables) pointers.push_back(const_cast<char*>(variable.c_str()));
    pointers.push_back(nullptr);

    uv_stdio_container_t stdio[3];
    for (auto& each : stdio) each.flags = UV_INHERIT_FD;
    stdio[0].data.fd = input[0];
    stdio[1].data.fd = stdio[2].data.fd = output[1];
    uv_process_options_t options{};
    options.file = words[0];
    options.args = words.data();
    options.env = pointers.data();
    const std::string folder = command_.folder.string();
    if (!folder.empty()) options.cwd = folder.c_str();
    options.flags = UV_PROCESS_DETACHED;  // a session of its own, so that all of it can be found and ended
    options.stdio_count = 3;
    options.stdio = stdio;
    options.exit_cb = [](uv_process_t* process, std::int64_t code, int signal) { self(process).exited(code, signal); };
    process_.data = this;
    int error = 0;
    {
      const auto lock = lock_for_start();
      const FixedAddresses fixed(command_.fixed_addresses);
      error = uv_spawn(&loop_, &process_, &options);
      spawned_ = true;  // libuv wants the handle closed even when the call failed
      if (error == 0) session_begins(process_.pid);
    }
    ::close(input[0]);
    ::close(output[1]);
    if (error != 0) return failed(command_.words[0], -error);
    if (command_.on_start) command_.on_start(process_.pid);
    uv_read_start(
        reinterpret_cast<uv_stream_t*>(&output_),
        [](uv_handle_t* handle, std::size_t, uv_buf_t* buffer) {
          *buffer = uv_buf_init(self(handle).chunk_, sizeof chunk_);
        },
        [](uv_stream_t* stream, ssize_t count, const uv_buf_t* buffer) {
          if (count > 0) self(stream).take({buffer->base, static_cast<std::size_t>(count)});
          if (count < 0) self(stream).output_ended();
        });
    uv_buf_t buffer =
        uv_buf_init(const_cast<char*>(command_.input.data()), static_cast<unsigned>(command_.input.size()));
    write_.data = this;
    uv_write(&write_, reinterpret_cast<uv_stream_t*>(&input_), &buffer, 1,
             [](uv_write_t* write, int) { close(self(write).input_); });
    return true;
  }

  void pipe(uv_pipe_t& handle, uv_file descriptor) {
    uv_pipe_init(&loop_, &handle, 0);
    handle.data = this;
    uv_pipe_open(&handle, descriptor);
  }

  bool failed(const std::string& what, int error) {
    result_.error = fmt::format("{}: {}", what, uv_strerror(-error));
    return false;
  }

  void take(std::string_view piece) {
    total_ += piece.size();
    if (command_.on_output) command_.on_output(piece);
    const auto fits = std::min(piece.size(), kept_at_each_end - std::min(kept_at_each_end, head_.size()));
    head_.append(piece.substr(0, fits));
    tail_.append(piece.substr(fits));
    if (tail_.size() > 2 * kept_at_each_end) {
      dropped_ += tail_.size() - kept_at_each_end;
      tail_.erase(0, tail_.size() - kept_at_each_end);
    }
    if (total_ > command_.output_limit) kill_all(End::flooded);
  }

  void overrun() {
    if (command_.on_overrun) result_.hang = command_.on_overrun(process_.pid);
    kill_all(End::overran);
  }

  void kill_all(End why) {
    if (ended_) return;
    if (result_.end == End::not_started) result_.end = why;
    kill_session(process_.pid);
  }

  void exited(std::int64_t code, int signal) {
    ended_ = true;
    uv_timer_stop(&overrun_timer_);
    if (result_.end == End::not_started) {
      result_.end = signal != 0 ? End::killed_by_signal : End::exited;
      result_.code = signal != 0 ? signal : static_cast<int>(code);
    }
    say_farewell();
  }

  // Children that end with their parent need a moment for it; what is there after that was left behind. Whoever was
  // stopped had no time to end its children.
  void say_farewell() {
    const auto left = left_by(process_.pid);
    const bool was_stopped = result_.end != End::exited && result_.end != End::killed_by_signal;
    if (left.empty() && (output_ended_ || result_.end == End::cancelled)) return finish();
    ++farewells_;
    if (farewells_ >= farewell_looks + last_looks) return finish();
    for (const auto& facts : left) {
      if (farewells_ < farewell_looks && !was_stopped) break;
      const auto [_, first_time] = killed_.insert(facts.pid);
      ::kill(facts.pid, SIGKILL);  // its children come to this process, and are seen in the next look
      if (first_time && !was_stopped) result_.left_behind.push_back(fmt::format("{} (pid {})", facts.name, facts.pid));
    }
    if (left.empty() && farewells_ >= farewell_looks) return finish();  // somebody holds the output open
    uv_timer_start(
        &farewell_timer_, [](uv_timer_t* timer) { self(timer).say_farewell(); }, farewell_ms, 0);
  }

  void output_ended() {
    output_ended_ = true;
    if (ended_) say_farewell();
  }

  void finish() {
    session_ends(process_.pid);
    close_all();
  }

  template <class Handle>
  static void close(Handle& handle) {
    auto* generic = reinterpret_cast<uv_handle_t*>(&handle);
    if (handle.data != nullptr && !uv_is_closing(generic)) uv_close(generic, nullptr);
  }

  void close_all() {
    close(output_);
    close(input_);
    close(overrun_timer_);
    close(farewell_timer_);
    close(cancel_);
    if (spawned_) close(process_);
  }

  const Command& command_;
  std::stop_token stop_;
  uv_loop_t loop_{};
  uv_process_t process_{};
  uv_pipe_t output_{};
  uv_pipe_t input_{};
  uv_timer_t overrun_timer_{};
  uv_timer_t farewell_timer_{};
  uv_async_t cancel_{};
  uv_write_t write_{};
  char chunk_[65536];
  Finished result_;
  std::string head_;
  std::string tail_;
  std::size_t dropped_ = 0;
  std::size_t total_ = 0;
  bool spawned_ = false;
  bool ended_ = false;
  bool output_ended_ = false;
  int farewells_ = 0;
  std::set<pid_t> killed_;
};

}  // namespace

Finished run(const Command& command, std::stop_token stop) {
  return Run(command, std::move(stop))();
}

void adopt_orphans() {
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  signal(SIGPIPE, SIG_IGN);
}

}  // namespace runner
