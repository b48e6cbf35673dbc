#include "check/running_server.hpp"

#include <arpa/inet.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <utility>

#include "check/build_folder.hpp"
#include "check/verdict.hpp"
#include "text/text.hpp"

namespace runner {
namespace {

// The port in "listening on http://127.0.0.1:PORT/", once that line is whole; nothing before.
std::optional<std::uint16_t> port_in(std::string_view printed) {
  constexpr std::string_view before = "listening on http://127.0.0.1:";
  const auto found = printed.find(before);
  if (found == std::string_view::npos) return std::nullopt;
  const auto begin = found + before.size();
  const auto end = printed.find('/', begin);
  const auto port = to_number(printed.substr(begin, end - begin));
  if (end == std::string_view::npos || !port || *port > 65535) return std::nullopt;
  return static_cast<std::uint16_t>(*port);
}

}  // namespace

int free_port(int wanted) {
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(wanted));
  const bool free = bind(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  close(descriptor);
  return free ? wanted : 0;
}

Command server_command(const std::filesystem::path& root, const std::filesystem::path& server, int port) {
  return {.words = {server.string(), std::to_string(port)},
          .folder = root / "tests" / "site",
          .environment = stage_environment(),
          .output_limit = std::size_t{1} << 30};
}

std::string ending_in_words(const Finished& finished, const Words& words) {
  if (finished.end == End::exited) return fmt::format("with exit code {}.", finished.code);
  if (finished.end == End::killed_by_signal)
    return "by " + signal_in_words(finished.code, printable(finished.output), words);
  return finished.end == End::not_started ? "before it began: " + finished.error : "because it printed without end.";
}

RunningServer::RunningServer(Command command) {
  command.on_start = [this](pid_t pid) {
    const std::lock_guard lock(mutex_);
    pid_ = pid;
  };
  command.on_output = [this](std::string_view piece) { read(piece); };
  thread_ = std::jthread([this, command = std::move(command)](const std::stop_token& stop) {
    auto finished = run(command, stop);
    const std::lock_guard lock(mutex_);
    finished_ = std::move(finished);
    changed_.notify_all();
  });
}

void RunningServer::read(std::string_view piece) {
  const std::lock_guard lock(mutex_);
  if (port_) return;
  printed_.append(piece);
  port_ = port_in(printed_);
  if (port_) changed_.notify_all();
}

std::optional<std::uint16_t> RunningServer::port(std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, limit, [this] { return port_ || finished_; });
  return port_;
}

bool RunningServer::has_ended(std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, limit, [this] { return finished_.has_value(); });
}

pid_t RunningServer::process() {
  const std::lock_guard lock(mutex_);
  return pid_;
}

void RunningServer::ask_to_stop() {
  const std::lock_guard lock(mutex_);
  if (pid_ != 0 && !finished_) ::kill(pid_, SIGTERM);
}

void RunningServer::stop() {
  thread_.request_stop();
}

Finished RunningServer::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return finished_.has_value(); });
  return *finished_;
}

}  // namespace runner
