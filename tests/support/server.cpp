#include "server.hpp"

#include "bytes.hpp"
#include "expect.hpp"
#include "process_facts.hpp"
#include "report.hpp"
#include "waiting.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace support {
namespace {

int check(int result, const char* call) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), call);
  return result;
}

// Owns a descriptor.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_{number} {}
  Descriptor(Descriptor&& other) noexcept : number_{std::exchange(other.number_, -1)} {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() { close(); }
  void close() {
    if (number_ >= 0) ::close(std::exchange(number_, -1));
  }
  int number() const { return number_; }

 private:
  int number_;
};

struct Pipe {
  Descriptor read_end;
  Descriptor write_end;
  explicit Pipe(int flags = 0) {
    int ends[2];
    check(::pipe2(ends, O_CLOEXEC | flags), "pipe2");
    read_end = Descriptor{ends[0]};
    write_end = Descriptor{ends[1]};
  }
};

// The beginning and the end of a text of any length.
class Kept {
 public:
  void add(std::string_view bytes) {
    const std::size_t to_head = std::min(bytes.size(), each - head_.size());
    head_ += bytes.substr(0, to_head);
    tail_ += bytes.substr(to_head);
    if (tail_.size() > 2 * each) {
      left_out_ += tail_.size() - each;
      tail_.erase(0, tail_.size() - each);
    }
  }
  std::string text() const {
    if (left_out_ == 0) return head_ + tail_;
    return head_ + "\n… " + std::to_string(left_out_) + " bytes left out …\n" + tail_;
  }

 private:
  static constexpr std::size_t each = 32 * 1024;
  std::string head_;
  std::string tail_;
  std::size_t left_out_ = 0;
};

// A stream of the child: what has come is read by whoever looks, so that a child can never block on a full pipe.
class Stream {
 public:
  explicit Stream(Descriptor read_end) : read_end_{std::move(read_end)} {
    check(::fcntl(read_end_.number(), F_SETFL, O_NONBLOCK), "fcntl");
  }
  int descriptor() const { return read_end_.number(); }

  // Reads what is there (at most a pipe's content, so that a flood cannot hold the reader); false at the end of it.
  bool drain() {
    const std::lock_guard lock{mutex_};
    char part[16 * 1024];
    for (int i = 0; i < 8 && open_; ++i) {
      const ssize_t count = ::read(read_end_.number(), part, sizeof part);
      if (count > 0)
        kept_.add({part, static_cast<std::size_t>(count)});
      else if (count == 0)
        open_ = false;
      else if (errno != EINTR)
        break;
    }
    return open_;
  }
  std::string text() {
    drain();
    const std::lock_guard lock{mutex_};
    return kept_.text();
  }

 private:
  Descriptor read_end_;
  std::mutex mutex_;  // guards what follows
  Kept kept_;
  bool open_ = true;
};

constexpr std::string_view first_line_start = "listening on http://127.0.0.1:";
constexpr int settle_moments = 60;  // at most so many short waits for a server to come to rest before it is stopped

std::string own_server_program() {
  char path[4096];
  const ssize_t length = ::readlink("/proc/self/exe", path, sizeof path);
  std::string program{path, length > 0 ? static_cast<std::size_t>(length) : 0};
  if (program.ends_with(".test")) program.resize(program.size() - 5);
  return program + ".server";
}

const char* cause_of(int signal) {
  switch (signal) {
    case SIGPIPE:
      return "it wrote to a connection whose reader has gone";
    case SIGSEGV:
      return "it used memory that is not its own";
    case SIGBUS:
      return "it used memory that is not there";
    case SIGFPE:
      return "it divided an integer by zero";
    case SIGILL:
      return "it ran into code that must not be reached";
    case SIGKILL:
      return "somebody else stopped it, or memory ran out";
    case SIGTERM:
      return "somebody asked it to end";
    default:
      return nullptr;
  }
}

}  // namespace

std::string in_words(const ExitStatus& status) {
  if (status.signal == 0) return "exited with status " + std::to_string(status.code);
  const char* name = ::sigabbrev_np(status.signal);
  std::string words = "was killed by SIG" + std::string{name != nullptr ? name : "?"} + " (signal " +
                      std::to_string(status.signal) + ")";
  if (const char* cause = cause_of(status.signal)) words += ": " + std::string{cause};
  return words;
}

namespace {

// What abort() was called for, as far as stderr tells.
std::string abort_in_words(std::string_view stderr_text) {
  const auto says = [stderr_text](std::string_view part) { return stderr_text.find(part) != stderr_text.npos; };
  if (says("terminate called after throwing")) return ": nobody caught an exception";
  if (says("terminate called without an active exception")) return ": a std::thread ended its life not joined";
  if (says("Assertion `")) return ": an assertion did not hold";
  return "";
}

}  // namespace

struct Server::Process {
  // Every server that has started and whose Server object lives, the latest last.
  static inline std::mutex all_mutex;  // guards all
  static inline std::vector<std::unique_ptr<Process>> all;

  static Process& make(const ServerOptions& options, Place place);

  Place place;
  pid_t pid = -1;
  std::uint16_t port = 0;
  Descriptor ending;  // pidfd: readable when the process has ended
  std::unique_ptr<Stream> out;
  std::unique_ptr<Stream> err;
  Descriptor wake;  // closed to end the drainer
  std::thread drainer;
  bool end_expected = false;
  std::mutex end_mutex;  // guards what follows: the reporter asks, too, from whichever thread fails
  bool reaped = false;
  bool was_running_at_failure = false;
  ExitStatus status;

  void launch(const ServerOptions& options);
  void read_first_line();
  void start_drainer();
  bool has_ended();
  bool wait_for_end(Patience& patience);
  void settle();
  void finish();
  [[noreturn]] void fail_to_start(const std::string& actual);
};

void Server::Process::launch(const ServerOptions& options) {
  const std::string program = options.program.empty() ? own_server_program() : options.program;
  std::vector<std::string> words{program, std::to_string(options.port)};
  words.insert(words.end(), options.args.begin(), options.args.end());
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);

  Pipe out_pipe;
  Pipe err_pipe;
  const Descriptor nothing{check(::open("/dev/null", O_RDONLY | O_CLOEXEC), "open")};
  const pid_t parent = ::getpid();
  pid = check(::fork(), "fork");
  if (pid == 0) {
    // Only async-signal-safe calls from here on: other threads may have held locks when the process was copied.
    const auto give_up = [](const char* call) {
      const char* reason = ::strerrordesc_np(errno);
      for (const char* part : {call, ": ", reason, "\n"}) {
        if (::write(STDERR_FILENO, part, std::strlen(part)) < 0) break;
      }
      ::_exit(127);
    };
    ::dup2(nothing.number(), STDIN_FILENO);
    ::dup2(out_pipe.write_end.number(), STDOUT_FILENO);
    ::dup2(err_pipe.write_end.number(), STDERR_FILENO);
    ::syscall(SYS_close_range, 3U, ~0U, 0U);  // the test's own descriptors are not the server's
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(127);
    ::prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);  // so that gdb may look at a server that hangs
    ::signal(SIGPIPE, SIG_DFL);
    if (options.descriptor_limit > 0) {
      const rlimit limit{static_cast<rlim_t>(options.descriptor_limit), static_cast<rlim_t>(options.descriptor_limit)};
      ::setrlimit(RLIMIT_NOFILE, &limit);
    }
    if (!options.folder.empty() && ::chdir(options.folder.c_str()) != 0) give_up(options.folder.c_str());
    ::execv(arguments[0], arguments.data());
    give_up(arguments[0]);
  }
  ending = Descriptor{static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))};
  out = std::make_unique<Stream>(std::move(out_pipe.read_end));
  err = std::make_unique<Stream>(std::move(err_pipe.read_end));
}

bool Server::Process::has_ended() {
  const std::lock_guard lock{end_mutex};
  if (reaped) return true;
  siginfo_t info{};
  if (::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG) != 0 || info.si_pid != pid) return false;
  reaped = true;
  if (info.si_code == CLD_EXITED)
    status.code = info.si_status;
  else
    status.signal = info.si_status;
  return true;
}

bool Server::Process::wait_for_end(Patience& patience) {
  while (!has_ended()) {
    const bool go_on = ending.number() >= 0 ? patience.until_ready(ending.number(), POLLIN) : patience.a_moment();
    if (!go_on) return has_ended();
  }
  return true;
}

void Server::Process::fail_to_start(const std::string& actual) {
  if (!has_ended()) ::kill(pid, SIGKILL);
  Patience patience{0};
  wait_for_end(patience);
  report::add({"", err->text()});
  fail(place,
       "the server starts\nexpected: a first line \"" + std::string{first_line_start} + "PORT/\"\nactual:   " + actual);
}

void Server::Process::read_first_line() {
  Patience patience{pid};
  for (;;) {
    const bool open = out->drain();
    err->drain();
    const std::string text = out->text();
    const std::size_t end = text.find('\n');
    if (end != text.npos || text.size() > 200) {
      const std::string_view line = std::string_view{text}.substr(0, end);
      const std::string_view number = line.substr(std::min(first_line_start.size(), line.size()));
      const int read = line.starts_with(first_line_start) ? std::atoi(std::string{number}.c_str()) : 0;
      if (read <= 0 || read > 65535 || number != std::to_string(read) + "/") fail_to_start(shown(line));
      port = static_cast<std::uint16_t>(read);
      return;
    }
    const std::string so_far = text.empty() ? "no line" : shown(text) + " without an end of line";
    if (!open) {
      if (!wait_for_end(patience)) fail_to_start(so_far + "; it closed its output and goes on");
      fail_to_start(so_far + "; it " + in_words(status));
    }
    if (!patience.until_ready(out->descriptor(), POLLIN)) {
      fail_to_start(so_far + " " + patience.words() + " (is the line flushed?)");
    }
  }
}

void Server::Process::start_drainer() {
  Pipe pipe;
  wake = std::move(pipe.write_end);
  drainer = std::thread{[this, woken = std::move(pipe.read_end)] {
    pollfd all[] = {{out->descriptor(), POLLIN, 0}, {err->descriptor(), POLLIN, 0}, {woken.number(), POLLIN, 0}};
    for (;;) {
      ::poll(all, 3, -1);
      if (all[2].revents != 0) return;
      if (all[0].revents != 0 && !out->drain()) all[0].fd = -1;
      if (all[1].revents != 0 && !err->drain()) all[1].fd = -1;
    }
  }};
}

// Lets the server finish what it is at, so that a crash or a sanitizer's report right after the last answer is seen.
void Server::Process::settle() {
  Patience patience{0};
  for (int i = 0; i < settle_moments && !has_ended() && !is_at_rest(pid); ++i) {
    if (!patience.a_moment()) return;
  }
}

void Server::Process::finish() {
  settle();
  if (!has_ended()) {
    end_expected = true;
    ::kill(pid, SIGTERM);
    Patience patience{pid};
    if (!wait_for_end(patience)) {
      ::kill(pid, SIGKILL);
      patience.refresh();
      wait_for_end(patience);
    }
  }
  wake.close();
  if (drainer.joinable()) drainer.join();
  const std::string text = err->text();
  const std::string finding = report::sanitizer_finding(text);
  if (!finding.empty()) {
    report::add({"a sanitizer found a mistake in the server: " + finding, text});
    fail_and_go_on(place, "the server makes no mistake\nactual:   a sanitizer found one: " + finding);
  } else if (!end_expected) {
    const std::string words = in_words(status) + (status.signal == SIGABRT ? abort_in_words(text) : "");
    report::add({(was_running_at_failure ? "later, the server " : "the server ") + words, text});
    fail_and_go_on(place, "the server runs until the test ends\nactual:   it " + words);
  } else {
    report::add({"", text});
  }
}

Server::Process& Server::Process::make(const ServerOptions& options, Place place) {
  auto process = std::make_unique<Process>();
  process->place = place;
  process->launch(options);
  process->read_first_line();
  process->start_drainer();
  const std::lock_guard lock{all_mutex};
  all.push_back(std::move(process));
  return *all.back();
}

pid_t latest_server() {
  const std::lock_guard lock{Server::Process::all_mutex};
  return Server::Process::all.empty() ? 0 : Server::Process::all.back()->pid;
}

pid_t server_at(std::uint16_t port) {
  const std::lock_guard lock{Server::Process::all_mutex};
  for (const auto& process : Server::Process::all) {
    if (process->port == port) return process->pid;
  }
  return 0;
}

void note_servers_at_failure() {
  const std::lock_guard lock{Server::Process::all_mutex};
  for (const auto& process : Server::Process::all) {
    process->settle();
    process->was_running_at_failure = !process->has_ended();
  }
}

Server::Server(ServerOptions options, Place place) : process_{Process::make(options, place)} {}

Server::~Server() {
  process_.finish();
  const std::lock_guard lock{Process::all_mutex};
  std::erase_if(Process::all, [this](const auto& process) { return process.get() == &process_; });
}

std::uint16_t Server::port() const {
  return process_.port;
}
pid_t Server::pid() const {
  return process_.pid;
}
bool Server::running() const {
  return !process_.has_ended();
}
std::string Server::stdout_text() const {
  return process_.out->text();
}
std::string Server::stderr_text() const {
  return process_.err->text();
}

ExitStatus Server::stop(Place place) {
  process_.settle();
  if (process_.has_ended()) return process_.status;
  process_.end_expected = true;
  ::kill(process_.pid, SIGTERM);
  Patience patience{process_.pid};
  if (!process_.wait_for_end(patience)) {
    ::kill(process_.pid, SIGKILL);
    patience.refresh();
    process_.wait_for_end(patience);
    fail_expectation(place, "the server stops when it is asked to (SIGTERM)", "it ends", "it went on");
  }
  return process_.status;
}

ExitStatus Server::wait(Place place) {
  process_.end_expected = true;
  Patience patience{process_.pid};
  if (!process_.wait_for_end(patience)) {
    fail_expectation(place, "the server ends by itself", "it ends", "it went on " + patience.words());
  }
  return process_.status;
}

void Server::wait_until_at_rest(Place place) {
  Patience patience{0};
  while (!is_at_rest(process_.pid)) {
    if (!patience.a_moment()) {
      fail_expectation(place, "the server comes to rest", "every thread waits for something to do",
                       "it worked without a pause " + patience.words());
    }
  }
}

}  // namespace support
