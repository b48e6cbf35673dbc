#include "server/server.hpp"

#include "expect/expect.hpp"
#include "expect/waiting.hpp"
#include "report/bytes.hpp"
#include "report/report.hpp"
#include "server/child_process.hpp"
#include "system/process_facts.hpp"
#include "system/signals.hpp"

#include <poll.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <string_view>

namespace support {
namespace {

constexpr std::string_view first_line_start = "listening on http://127.0.0.1:";
constexpr std::size_t longest_first_line = 200;

// How much processor time a server gets to come to rest before it is stopped: enough for a sanitizer to look up the
// lines of its report. When a server of this program has used it up, it is one that never rests; then less will do.
constexpr int settle_milliseconds = 600;
constexpr int later_settle_milliseconds = 100;
std::atomic<bool> a_server_never_rested{false};

std::string own_server_program() {
  char path[4096];
  const ssize_t length = ::readlink("/proc/self/exe", path, sizeof path);
  std::string program{path, length > 0 ? static_cast<std::size_t>(length) : 0};
  if (program.ends_with(".test")) program.resize(program.size() - 5);
  return program + ".server";
}

std::vector<std::string> command_line(const ServerOptions& options) {
  std::vector<std::string> words{options.program.empty() ? own_server_program() : options.program,
                                 std::to_string(options.port)};
  words.insert(words.end(), options.args.begin(), options.args.end());
  return words;
}

// The port in "listening on http://127.0.0.1:8080/"; 0 when the line is another.
std::uint16_t port_in(std::string_view line) {
  if (!line.starts_with(first_line_start)) return 0;
  const std::string rest{line.substr(first_line_start.size())};
  const int port = std::atoi(rest.c_str());
  return port > 0 && port < 65536 && rest == std::to_string(port) + "/" ? static_cast<std::uint16_t>(port) : 0;
}

}  // namespace

struct Server::Process {
  // Every server that has started and whose Server object lives, the latest last.
  static inline std::mutex all_mutex;  // guards all
  static inline std::vector<std::unique_ptr<Process>> all;

  static Process& make(const ServerOptions& options, Place place);

  Process(const ServerOptions& options, Place started_at)
      : place{started_at}, child{command_line(options), options.folder, options.descriptor_limit} {
    std::puts("# a server is asked for");  // so that `learn verify` knows what a test needs
    std::fflush(stdout);
  }

  void read_first_line();
  void settle();
  void finish();
  [[noreturn]] void fail_to_start(const std::string& actual);

  Place place;
  ChildProcess child;
  std::uint16_t port = 0;
  bool end_expected = false;
  bool signalled = false;
  bool ran_at_failure = false;
};

Server::Process& Server::Process::make(const ServerOptions& options, Place place) {
  auto process = std::make_unique<Process>(options, place);
  process->read_first_line();
  process->child.drain_in_background();
  const std::lock_guard lock{all_mutex};
  all.push_back(std::move(process));
  return *all.back();
}

void Server::Process::fail_to_start(const std::string& actual) {
  if (!child.has_ended()) child.kill();
  report::add({"", child.err().text()});
  fail_expectation(place, "the server starts", "a first line \"" + std::string{first_line_start} + "PORT/\"", actual);
}

void Server::Process::read_first_line() {
  Patience patience{child.pid()};
  pollfd both[] = {{child.out().descriptor(), POLLIN, 0}, {child.err().descriptor(), POLLIN, 0}};
  for (;;) {
    const bool open = child.out().drain();
    if (!child.err().drain()) both[1].fd = -1;
    const std::string text = child.out().text();
    const std::size_t end = text.find('\n');
    if (end != text.npos || text.size() > longest_first_line) {
      port = port_in(text.substr(0, end));
      if (port == 0) fail_to_start(shown(text.substr(0, end)));
      return;
    }
    const std::string so_far = text.empty() ? "no line" : shown(text) + " without an end of line";
    if (!open) {
      if (!child.wait_for_end(patience)) fail_to_start(so_far + "; it closed its output and goes on");
      fail_to_start(so_far + "; it " + in_words(child.status(), child.err().text()));
    }
    if (!patience.until_one_ready(both, 2)) {
      fail_to_start(so_far + " " + patience.gave_up() + " (is the line flushed?)");
    }
  }
}

// Lets the server finish what it is at, so that a crash or a sanitizer's report right after the last answer is seen.
void Server::Process::settle() {
  Patience patience{0, Patience::After::failure_the_same};
  if (child.has_ended()) return;
  const auto begin = cpu_milliseconds(child.pid());
  while (!child.has_ended() && !is_at_rest(child.pid())) {
    const auto used = cpu_milliseconds(child.pid()) - begin;
    if (used < (a_server_never_rested ? later_settle_milliseconds : settle_milliseconds) && patience.a_moment())
      continue;
    a_server_never_rested = true;
    return;
  }
}

void Server::Process::finish() {
  settle();
  if (!child.has_ended()) {
    end_expected = true;
    child.ask_to_end();
  }
  const std::string text = child.err().text();
  const std::string finding = report::sanitizer_finding(text);
  if (!finding.empty()) {
    report::add({"a sanitizer found a mistake in the server: " + finding, text});
    fail_and_go_on(place, "the server makes no mistake\nactual:   a sanitizer found one: " + finding);
  } else if (!end_expected) {
    const std::string words = in_words(child.status(), text);
    report::add({(ran_at_failure ? "later, the server " : "the server ") + words, text});
    fail_and_go_on(place, "the server runs until the test ends\nactual:   it " + words);
  } else {
    report::add({"", text});
  }
}

Refusal refusal_of(const std::vector<std::string>& args, Place place) {
  std::vector<std::string> words{own_server_program()};
  words.insert(words.end(), args.begin(), args.end());
  ChildProcess child{words, "", 0};
  Patience patience{child.pid()};
  pollfd out{child.out().descriptor(), POLLIN, 0};
  while (patience.until_one_ready(&out, 1) && child.out().drain() && child.out().text().empty()) {
  }
  if (!child.out().text().empty() || !child.wait_for_end(patience)) {
    child.kill();
    report::add({"", child.err().text()});
    std::string what = "the server refuses to start";
    for (const std::string& arg : args) what += ' ' + shown(arg);
    fail_expectation(place, what, "it says why, and ends", "it goes on");
  }
  return {child.status(), child.err().text()};
}

pid_t latest_server() {
  const std::lock_guard lock{Server::Process::all_mutex};
  return Server::Process::all.empty() ? 0 : Server::Process::all.back()->child.pid();
}

pid_t server_at(std::uint16_t port) {
  const std::lock_guard lock{Server::Process::all_mutex};
  for (const auto& process : Server::Process::all) {
    if (process->port == port) return process->child.pid();
  }
  return 0;
}

void note_servers_at_failure() {
  const std::lock_guard lock{Server::Process::all_mutex};
  for (const auto& process : Server::Process::all) {
    process->settle();
    process->ran_at_failure = !process->child.has_ended();
  }
}

Server::Server(const ServerOptions& options, Place place) : process_{Process::make(options, place)} {}

Server::~Server() {
  process_.finish();
  const std::lock_guard lock{Process::all_mutex};
  std::erase_if(Process::all, [this](const auto& process) { return process.get() == &process_; });
}

std::uint16_t Server::port() const {
  return process_.port;
}
pid_t Server::pid() const {
  return process_.child.pid();
}
bool Server::running() const {
  return !process_.child.has_ended();
}
std::string Server::stdout_text() const {
  return process_.child.out().text();
}
std::string Server::stderr_text() const {
  return process_.child.err().text();
}

ExitStatus Server::stop(Place place) {
  process_.settle();
  if (process_.child.has_ended()) return process_.child.status();
  process_.end_expected = true;
  if (!process_.child.ask_to_end()) {
    fail_expectation(place, "the server stops when it is asked to (SIGTERM)", "it ends", "it went on");
  }
  return process_.child.status();
}

void Server::signal(int number) {
  process_.end_expected = process_.signalled = true;
  if (!process_.child.has_ended()) ::kill(pid(), number);
}

void Server::signal_beside_main(int number) {
  const pid_t thread = process_.child.has_ended() ? 0 : thread_that_takes(pid(), number);
  if (thread == 0) return signal(number);
  process_.end_expected = process_.signalled = true;
  ::tgkill(pid(), thread, number);
}

void Server::signal_before_main_waits(int number) {
  process_.end_expected = process_.signalled = true;
  if (process_.child.has_ended() || signal_before_call(pid(), number)) return;
  signal(number);
}

ExitStatus Server::wait(Place place) {
  process_.end_expected = true;
  Patience patience{pid()};
  if (!process_.child.wait_for_end(patience)) {
    fail_expectation(place, process_.signalled ? "the server ends after the signal" : "the server ends by itself",
                     "it ends", "it went on " + patience.gave_up());
  }
  return process_.child.status();
}

void Server::wait_until_at_rest(Place place) {
  Patience patience{pid()};
  while (!is_at_rest(pid())) {
    if (!patience.a_moment()) {
      fail_expectation(place, "the server comes to rest", "every thread waits for something to do",
                       "it worked without a pause " + patience.gave_up());
    }
  }
}

}  // namespace support
